-- purpose: the parts of one layer version whose bounds meet a frame: more than are near a red line, and half as dear
SELECT part.feature_number, part.part, ST_AsBinary(part.geometry) AS wkb
FROM control_feature_part AS part
WHERE part.version_id = CAST(:version_id AS bigint)
  AND part.geometry && ST_MakeEnvelope(
          CAST(:west AS double precision), CAST(:south AS double precision),
          CAST(:east AS double precision), CAST(:north AS double precision), CAST(:epsg AS int))
LIMIT CAST(:limit AS int)
