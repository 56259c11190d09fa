-- purpose: every red line that is tied to those of a project by parents and children, over however many versions
WITH RECURSIVE family AS (
    SELECT id FROM boundary_version WHERE project_code = CAST(:project_code AS text)
    UNION
    SELECT tied.id
    FROM family
    CROSS JOIN LATERAL (
        SELECT parent_id AS id FROM boundary_parent WHERE child_id = family.id
        UNION ALL
        SELECT child_id FROM boundary_parent WHERE parent_id = family.id
    ) AS tied
)
SELECT stored.id, stored.project_code, project.name AS project_name, project.standing, stored.version,
       stored.relation, stored.stage, stored.submitted_at, stored.file_name, stored.planar_area_m2,
       ARRAY(SELECT parent_id FROM boundary_parent WHERE child_id = stored.id ORDER BY parent_id) AS parent_ids,
       ARRAY(SELECT child_id FROM boundary_parent WHERE parent_id = stored.id ORDER BY child_id) AS child_ids
FROM family
CROSS JOIN LATERAL (SELECT * FROM boundary_version WHERE id = family.id LIMIT 1) AS stored
CROSS JOIN LATERAL (SELECT name, standing FROM project WHERE code = stored.project_code LIMIT 1) AS project
ORDER BY stored.id
