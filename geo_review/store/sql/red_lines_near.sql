-- purpose: the red lines in force within a reach of one red line, of projects that claim their land; its own left out
WITH red_line AS MATERIALIZED (
    SELECT (ST_Dump(ST_GeomFromWKB(CAST(:boundary AS bytea), CAST(:epsg AS int)))).geom AS polygon
),
-- One search a polygon: the envelope of a red line of two far-apart parcels would hold half the city.
found AS (
    SELECT DISTINCT stored.id
    FROM red_line
    JOIN boundary_version AS stored
      ON ST_DWithin(stored.geometry, red_line.polygon, CAST(:reach_m AS double precision))
)
SELECT stored.id, stored.project_code, project.name AS project_name, project.standing, stored.version,
       stored.submitted_at, stored.measuring_epsg, stored.measured_wkb
FROM found
JOIN boundary_version AS stored ON stored.id = found.id
JOIN project ON project.code = stored.project_code
WHERE project.standing <> 'withdrawn'
  AND stored.project_code IS DISTINCT FROM CAST(:project_code AS text)
  AND NOT EXISTS (
      SELECT FROM boundary_version AS later
      WHERE later.project_code = stored.project_code AND later.version > stored.version
  )
ORDER BY stored.id
