-- purpose: parts of the shapes that two layer versions have in common, where they meet some changed shapes
SELECT DISTINCT ON (part.feature_number, part.part) ST_AsBinary(part.geometry) AS wkb
FROM unnest(CAST(:changed AS bytea[])) AS shape (wkb)
JOIN control_feature_part AS part
  ON part.version_id = CAST(:later_id AS bigint)
 AND part.geometry && ST_GeomFromWKB(shape.wkb, CAST(:epsg AS int))
JOIN control_feature AS feature ON feature.version_id = part.version_id AND feature.number = part.feature_number
WHERE EXISTS (
      SELECT 1 FROM control_feature AS earlier
      WHERE earlier.version_id = CAST(:earlier_id AS bigint) AND earlier.digest = feature.digest)
ORDER BY part.feature_number, part.part
