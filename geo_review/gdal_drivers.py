"""The one way to GDAL: with the drivers we allow and no others, and with nothing that reaches for the network.

GDAL opens whatever it recognises in a file, by any of 200 drivers: an OGR VRT that is called .kml or .gml reads other
files of the machine, or asks another machine. Drivers register when the library is loaded, so what is not allowed is
named in the environment before that. Nothing of ours imports pyogrio but from here: ruff sees to it.
"""

# ruff: noqa: E402, TID251 the environment first, then the library

from __future__ import annotations

import os

ALLOWED = frozenset({"ESRI Shapefile", "FlatGeobuf", "GPKG", "GeoJSON", "OpenFileGDB"})

# All others of GDAL 3.12 as pyogrio brings it, and those of other builds that we know of; see `unexpected`.
_SKIPPED = """
AAIGrid, ACE2, ADBC, ADRG, AIG, AirSAR, AIVector, AmigoCloud, ArcObjects, Arrow, AVCBin, AVCE00, AVIF, BAG, BASISU,
BMP, BSB, BT, BYN, CAD, CALS, Carto, CEOS, Cloudant, COASP, COG, COSAR, CouchDB, CPG, CSV, CSW, CTG, DAAS, DB2ODBC,
DDS, DERIVED, Derived, DGN, DIMAP, DODS, DOQ1, DOQ2, DTED, DWG, DXF, ECRGTOC, ECW, EDIGEO, EEDA, EEDAI, EHdr, EIR,
Elasticsearch, ENVI, ERS, ESAT, ESRIC, ESRIJSON, EXR, FAST, FileGDB, FITS, GDALG, GenBin, Geoconcept, GeoJSONSeq,
GeoRaster, GeoRSS, GFF, GFT, GME, GML, GMLAS, GNMDatabase, GNMFile, GPSBabel, GPX, GRASSASCIIGrid, GRIB, GS7BG, GSAG,
GSBG, GSC, GTA, GTFS, GTI, GTiff, GTX, GXF, HANA, HDF4, HDF4Image, HDF5, HDF5Image, HEIF, HF2, HFA, HTTP, IDB, Idrisi,
ILI, ILWIS, Interlis 1, Interlis 2, IRIS, ISCE, ISG, ISIS2, ISIS3, JAXAPALSAR, JDEM, JML, JP2ECW, JP2KAK, JP2MrSID,
JP2OpenJPEG, JPEG, JPEGXL, JSONFG, KEA, KML, KMLSUPEROVERLAY, KRO, KTX2, L1B, LAN, LCP, Leveller, LIBERTIFF, LIBKML,
LOSLAS, LVBAG, MAP, MapInfo File, MapML, MBTiles, MEM, MFF, MFF2, MiraMonRaster, MiraMonVector, MongoDBv3,
MRF, MrSID, MSGN, MSSQLSpatial, MVT, MySQL, NAS, NDF, netCDF, NGSGEOID, NGW, NITF, NOAA_B, NSIDCbin, NTv2, NWT_GRC,
NWT_GRD, OAPIF, OCI, ODBC, ODS, OGCAPI, OGR_GMT, OGR_PDS, OGR_VRT, OpenJPEG, OSM, Parquet, PAux, PCIDSK, PCRaster,
PDF, PDS, PDS4, PGDUMP, PGeo, PLMOSAIC, PLSCENES, PMTiles, PNG, PNM, PostGISRaster, PostgreSQL, PRF, Rasterlite, RCM,
RDA, RIEGL, RIK, RMF, ROI_PAC, RPFTOC, RRASTER, RS2, RST, S102, S104, S111, S57, SAFE, SAGA, SAR_CEOS, SDTS, Selafin,
SENTINEL2, SIGDEM, SNAP_TIFF, SNODAS, SOSI, SQLite, SRP, SRTMHGT, STACIT, STACTA, SVG, SXF, Terragen, TGA, TIGER, TIL,
TileDB, TopoJSON, TSX, UK .NTF, USGSDEM, VDV, VFK, VICAR, VRT, Walk, WAsP, WCS, WEBP, WFS, WMS, WMTS, XLSX, XODR, XYZ,
Zarr, ZMap
"""

ENVIRONMENT = {
    "GDAL_SKIP": ",".join(name.strip() for name in _SKIPPED.replace("\n", " ").split(",")),
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",  # a path that begins with /vsicurl/ asks nobody
    "GDAL_DRIVER_PATH": "disable",  # no plug-ins
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GDAL_HTTP_MAX_RETRY": "0",
    "PROJ_NETWORK": "OFF",
}
os.environ.update(ENVIRONMENT)
os.environ.setdefault("CPL_LOG", os.devnull)  # it would name on stderr each driver that it does not have

import pyogrio
import pyogrio.errors
import pyogrio.raw

del os.environ["GDAL_SKIP"]  # it has done its work: a program that we start may have another mind of it

__all__ = ["ALLOWED", "ENVIRONMENT", "pyogrio", "unexpected"]


def unexpected() -> frozenset[str]:
    """Return the vector drivers that are there all the same: of a newer GDAL, or loaded before this module was."""
    return frozenset(pyogrio.list_drivers()) - ALLOWED
