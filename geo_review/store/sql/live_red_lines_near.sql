-- purpose: the red lines in force of live projects within a reach of some pieces of land
WITH found AS MATERIALIZED (
    SELECT DISTINCT stored.id
    FROM unnest(CAST(:pieces AS bytea[])) AS piece (wkb)
    JOIN boundary_version AS stored
      ON ST_DWithin(
             stored.geometry, ST_GeomFromWKB(piece.wkb, CAST(:epsg AS int)), CAST(:reach_m AS double precision))
)
SELECT stored.project_code, ST_AsBinary(stored.geometry) AS wkb
FROM found
JOIN boundary_version AS stored ON stored.id = found.id
JOIN project ON project.code = stored.project_code AND project.standing = 'live'
WHERE stored.version = (
    SELECT max(version) FROM boundary_version WHERE project_code = stored.project_code)
ORDER BY stored.project_code
