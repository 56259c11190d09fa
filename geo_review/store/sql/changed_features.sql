-- purpose: the features that one layer version has and another has not, by the digest of their shape
SELECT feature.number, ST_AsBinary(feature.geometry) AS wkb
FROM control_feature AS feature
WHERE feature.version_id = CAST(:version_id AS bigint)
  AND NOT EXISTS (
      SELECT 1 FROM control_feature AS same
      WHERE same.version_id = CAST(:other_id AS bigint) AND same.digest = feature.digest)
ORDER BY feature.number
