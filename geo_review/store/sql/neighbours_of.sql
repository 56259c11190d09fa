-- purpose: how the red line in force of a project lies to others in force; pairs of superseded versions are history
WITH own AS (
    SELECT stored.id
    FROM boundary_version AS stored
    JOIN project ON project.code = stored.project_code
    WHERE stored.project_code = CAST(:project_code AS text) AND project.standing <> 'withdrawn'
    ORDER BY stored.version DESC
    LIMIT 1
),
pair AS (
    SELECT neighbour.*, neighbour.earlier_id AS other_id, true AS other_is_earlier
    FROM own JOIN neighbour ON neighbour.later_id = own.id
    UNION ALL
    SELECT neighbour.*, neighbour.later_id, false
    FROM own JOIN neighbour ON neighbour.earlier_id = own.id
)
SELECT pair.*, other.project_code AS other_code, project.name AS other_name, project.standing AS other_standing,
       other.version AS other_version, other.submitted_at AS other_submitted_at
FROM pair
CROSS JOIN LATERAL (SELECT * FROM boundary_version WHERE id = pair.other_id LIMIT 1) AS other
CROSS JOIN LATERAL (SELECT name, standing FROM project WHERE code = other.project_code LIMIT 1) AS project
CROSS JOIN LATERAL (
    SELECT version FROM boundary_version WHERE project_code = other.project_code ORDER BY version DESC LIMIT 1
) AS latest
WHERE other.version = latest.version
  AND project.standing <> 'withdrawn'
ORDER BY array_position(ARRAY['overlap', 'gap', 'lineage', 'shared'], pair.kind), pair.overlap_planar_m2 DESC,
         pair.gap_planar_m2 DESC, other.project_code
