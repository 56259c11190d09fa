-- purpose: the parts of one layer version within a reach of a red line; a part near two of its polygons comes twice
WITH red_line AS MATERIALIZED (
    SELECT (ST_Dump(ST_GeomFromWKB(CAST(:boundary AS bytea), CAST(:epsg AS int)))).geom AS polygon
)
-- One search a polygon: the envelope of a red line of two far-apart parcels would hold half the city.
SELECT part.feature_number, part.part, ST_AsBinary(part.geometry) AS wkb
FROM red_line
JOIN control_feature_part AS part
  ON part.version_id = CAST(:version_id AS bigint)
 AND ST_DWithin(part.geometry, red_line.polygon, CAST(:reach_m AS double precision))
LIMIT CAST(:limit AS int)
