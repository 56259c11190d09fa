-- purpose: which of some red lines one was drawn from, or was drawn from its project, over however many versions
WITH RECURSIVE above AS (
    SELECT unnest(CAST(:roots AS bigint[])) AS id
    UNION
    SELECT link.parent_id
    FROM above
    CROSS JOIN LATERAL (SELECT parent_id FROM boundary_parent WHERE child_id = above.id OFFSET 0) AS link
),
below AS (
    SELECT id FROM boundary_version WHERE project_code = CAST(:project_code AS text)
    UNION
    SELECT link.child_id
    FROM below
    CROSS JOIN LATERAL (SELECT child_id FROM boundary_parent WHERE parent_id = below.id OFFSET 0) AS link
)
SELECT stored.id
FROM boundary_version AS stored
WHERE stored.id = ANY(CAST(:candidates AS bigint[]))
  AND (stored.id IN (SELECT id FROM below)
       -- A later version of the project that it was drawn from is a relative as well.
       OR stored.project_code IN (
           SELECT ancestor.project_code
           FROM above
           CROSS JOIN LATERAL (SELECT project_code FROM boundary_version WHERE id = above.id LIMIT 1) AS ancestor
       ))
