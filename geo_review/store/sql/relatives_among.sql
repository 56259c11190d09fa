-- purpose: which of some red lines one was drawn from, or was drawn from its project, over however many versions
WITH RECURSIVE above AS (
    SELECT unnest(CAST(:roots AS bigint[])) AS id
    UNION
    SELECT link.parent_id
    FROM above
    JOIN boundary_parent AS link ON link.child_id = above.id
),
below AS (
    SELECT id FROM boundary_version WHERE project_code = CAST(:project_code AS text)
    UNION
    SELECT link.child_id
    FROM below
    JOIN boundary_parent AS link ON link.parent_id = below.id
)
SELECT stored.id
FROM boundary_version AS stored
WHERE stored.id = ANY(CAST(:candidates AS bigint[]))
  AND (stored.id IN (SELECT id FROM below)
       -- A later version of the project that it was drawn from is a relative as well.
       OR stored.project_code IN (
           SELECT ancestor.project_code FROM above JOIN boundary_version AS ancestor ON ancestor.id = above.id
       ))
