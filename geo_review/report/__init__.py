"""Writing a review down: the JSON document of the contract, and from it a table, a PDF, an HTML page, a GeoJSON."""
