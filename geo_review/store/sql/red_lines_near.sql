-- purpose: the red lines in force within a reach of one red line, of projects that claim their land; its own left out
WITH red_line AS MATERIALIZED (
    SELECT (ST_Dump(ST_GeomFromWKB(CAST(:boundary AS bytea), CAST(:epsg AS int)))).geom AS polygon
),
-- One search a polygon: the envelope of a red line of two far-apart parcels would hold half the city.
found AS MATERIALIZED (
    SELECT DISTINCT stored.id
    FROM red_line
    JOIN boundary_version AS stored
      ON ST_DWithin(stored.geometry, red_line.polygon, CAST(:reach_m AS double precision))
)
SELECT stored.id, stored.project_code, project.name AS project_name, project.standing, stored.version,
       stored.submitted_at, stored.measuring_epsg, stored.measured_wkb
FROM found
-- Laterals with a limit: ST_Dump is believed to give 1,000 rows, and joins read all red lines of the city (34 ms).
CROSS JOIN LATERAL (SELECT * FROM boundary_version WHERE id = found.id LIMIT 1) AS stored
CROSS JOIN LATERAL (SELECT name, standing FROM project WHERE code = stored.project_code LIMIT 1) AS project
CROSS JOIN LATERAL (
    SELECT version FROM boundary_version WHERE project_code = stored.project_code ORDER BY version DESC LIMIT 1
) AS latest
WHERE stored.version = latest.version
  AND project.standing <> 'withdrawn'
  AND stored.project_code IS DISTINCT FROM CAST(:project_code AS text)
ORDER BY stored.id
