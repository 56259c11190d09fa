-- purpose: the red lines in force that show in a frame of degrees, the nearest to its middle first; a project left out
SELECT stored.project_code, project.name AS project_name, stored.version, ST_AsBinary(stored.lonlat) AS wkb
FROM boundary_version AS stored
JOIN project ON project.code = stored.project_code
WHERE stored.lonlat && ST_MakeEnvelope(
          CAST(:west AS double precision), CAST(:south AS double precision),
          CAST(:east AS double precision), CAST(:north AS double precision), CAST(:epsg AS int))
  AND project.standing <> 'withdrawn'
  AND stored.project_code IS DISTINCT FROM CAST(:project_code AS text)
  AND NOT EXISTS (
      SELECT FROM boundary_version AS later
      WHERE later.project_code = stored.project_code AND later.version > stored.version
  )
ORDER BY stored.lonlat <-> ST_SetSRID(ST_MakePoint(
          (CAST(:west AS double precision) + CAST(:east AS double precision)) / 2,
          (CAST(:south AS double precision) + CAST(:north AS double precision)) / 2), CAST(:epsg AS int)), stored.id
LIMIT CAST(:limit AS int)
