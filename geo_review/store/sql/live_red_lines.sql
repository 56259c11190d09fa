-- purpose: every red line in force of a live project
SELECT project.code AS project_code, ST_AsBinary(stored.geometry) AS wkb
FROM project
JOIN LATERAL (
    SELECT geometry FROM boundary_version WHERE project_code = project.code ORDER BY version DESC LIMIT 1
) AS stored ON true
WHERE project.standing = 'live'
ORDER BY project.code
