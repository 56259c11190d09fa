-- purpose: projects, newest first, each with its latest red line and that red line's latest review, and the total
WITH listed AS MATERIALIZED (
    SELECT project.code, project.name, project.flow, project.is_sample, project.created_at, project.standing,
           boundary.id AS boundary_id, boundary.version AS boundary_version, boundary.submitted_at,
           boundary.planar_area_m2,
           latest.id AS review_id, latest.verdict, latest.as_of, latest.created_at AS reviewed_at
    FROM project
    LEFT JOIN LATERAL (
        SELECT id, version, submitted_at, planar_area_m2
        FROM boundary_version
        WHERE project_code = project.code
        ORDER BY version DESC
        LIMIT 1
    ) AS boundary ON true
    LEFT JOIN LATERAL (
        SELECT id, verdict, as_of, created_at
        FROM review
        WHERE boundary_id = boundary.id
        ORDER BY id DESC
        LIMIT 1
    ) AS latest ON true
    WHERE (CAST(:search AS text) IS NULL
           OR strpos(lower(project.code), lower(CAST(:search AS text))) > 0
           OR strpos(lower(project.name), lower(CAST(:search AS text))) > 0)
      AND (CAST(:verdict AS text) IS NULL OR latest.verdict = CAST(:verdict AS text))
      AND (NOT CAST(:unreviewed AS boolean) OR latest.id IS NULL)
)
SELECT counted.total,
       page.code, page.name, page.flow, page.is_sample, page.created_at, page.standing,
       page.boundary_version, page.submitted_at, page.planar_area_m2,
       ST_X(page.centre) AS lon_deg, ST_Y(page.centre) AS lat_deg,
       page.review_id, page.verdict, page.as_of, page.reviewed_at
FROM (SELECT count(*) AS total FROM listed) AS counted
-- The left join keeps one row, and so the total, when the page itself is empty.
LEFT JOIN (
    SELECT listed.*,
           (SELECT ST_PointOnSurface(lonlat) FROM boundary_version WHERE id = listed.boundary_id) AS centre
    FROM listed
    ORDER BY created_at DESC, code
    LIMIT CAST(:limit AS int) OFFSET CAST(:offset AS int)
) AS page ON true
ORDER BY page.created_at DESC, page.code
