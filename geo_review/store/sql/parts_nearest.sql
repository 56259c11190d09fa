-- purpose: the few parts of one layer version nearest to a red line, by index order
SELECT part.feature_number, part.part, ST_AsBinary(part.geometry) AS wkb
FROM control_feature_part AS part
WHERE part.version_id = CAST(:version_id AS bigint)
ORDER BY part.geometry <-> ST_GeomFromWKB(CAST(:boundary AS bytea), CAST(:epsg AS int))
LIMIT CAST(:limit AS int)
