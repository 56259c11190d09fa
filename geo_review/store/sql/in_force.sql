-- purpose: of many projects at once the red line in force, without geometry: what a batch compares files with
SELECT project.code, latest.version, latest.sha256, latest.asked, latest.format, latest.planar_area_m2,
       latest.has_companions
FROM project
-- A lateral with a limit: one look into the unique index a project, not the versions of all.
LEFT JOIN LATERAL (
    SELECT version, sha256, asked, format, planar_area_m2,
           EXISTS (SELECT FROM boundary_companion WHERE boundary_id = boundary_version.id) AS has_companions
    FROM boundary_version
    WHERE project_code = project.code
    ORDER BY version DESC
    LIMIT 1
) AS latest ON true
WHERE project.code = ANY (CAST(:codes AS text[]))
