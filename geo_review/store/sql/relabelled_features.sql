-- purpose: the shapes that two layer versions have in common, and whose attributes are not the same in both
SELECT later.number, ST_AsBinary(later.geometry) AS wkb
FROM control_feature AS later
WHERE later.version_id = CAST(:later_id AS bigint)
  AND EXISTS (
      SELECT 1 FROM control_feature AS earlier
      WHERE earlier.version_id = CAST(:earlier_id AS bigint) AND earlier.digest = later.digest)
  AND NOT EXISTS (
      SELECT 1 FROM control_feature AS earlier
      WHERE earlier.version_id = CAST(:earlier_id AS bigint) AND earlier.digest = later.digest
        AND earlier.attributes = later.attributes)
ORDER BY later.number
