package static

// builtinTypes is the table of content types: a type and its extensions per
// line, as registered at IANA where it is.
const builtinTypes = `
text/html                                html htm
text/css                                 css
text/javascript                          js mjs cjs
text/plain                               txt text log conf ini asc
text/markdown                            md markdown
text/csv                                 csv
text/tab-separated-values                tsv
text/calendar                            ics ifb
text/vcard                               vcf vcard
text/vtt                                 vtt
text/cache-manifest                      appcache
text/x-component                         htc
text/mathml                              mml
text/richtext                            rtx
text/yaml                                yaml yml
application/json                         json map
application/ld+json                      jsonld
application/geo+json                     geojson
application/manifest+json                webmanifest
application/x-ndjson                     ndjson jsonl
application/xml                          xml xsd xsl rng
application/xslt+xml                     xslt
application/xhtml+xml                    xhtml xht
application/atom+xml                     atom
application/rss+xml                      rss
application/rdf+xml                      rdf
application/gpx+xml                      gpx
application/vnd.google-earth.kml+xml     kml
application/vnd.google-earth.kmz         kmz
application/toml                         toml
application/sql                          sql
application/wasm                         wasm
application/pdf                          pdf
application/postscript                   ps eps ai
application/rtf                          rtf
application/epub+zip                     epub
application/x-mobipocket-ebook           mobi prc
application/zip                          zip whl
application/gzip                         gz tgz
application/zstd                         zst
application/x-bzip2                      bz2
application/x-xz                         xz
application/x-tar                        tar
application/x-7z-compressed              7z
application/vnd.rar                      rar
application/java-archive                 jar war ear
application/vnd.android.package-archive  apk
application/x-debian-package             deb
application/x-rpm                        rpm
application/x-apple-diskimage            dmg
application/x-iso9660-image              iso
application/x-msdownload                 exe dll msi
application/x-x509-ca-cert               crt der pem
application/pgp-signature                sig
application/x-sh                         sh
application/x-shockwave-flash            swf
application/vnd.sqlite3                  sqlite sqlite3 db
application/vnd.apache.parquet           parquet
application/x-hdf5                       h5 hdf5
application/x-ipynb+json                 ipynb
application/msword                       doc dot
application/vnd.ms-excel                 xls xlt
application/vnd.ms-powerpoint            ppt pps
application/vnd.ms-fontobject            eot
application/vnd.openxmlformats-officedocument.wordprocessingml.document   docx
application/vnd.openxmlformats-officedocument.spreadsheetml.sheet         xlsx
application/vnd.openxmlformats-officedocument.presentationml.presentation pptx
application/vnd.oasis.opendocument.text          odt
application/vnd.oasis.opendocument.spreadsheet   ods
application/vnd.oasis.opendocument.presentation  odp
application/vnd.oasis.opendocument.graphics      odg
application/vnd.apple.mpegurl            m3u8
application/dash+xml                     mpd
application/ttml+xml                     ttml
application/x-subrip                     srt
application/x-bittorrent                 torrent
font/woff                                woff
font/woff2                               woff2
font/ttf                                 ttf
font/otf                                 otf
font/collection                          ttc
image/png                                png
image/apng                               apng
image/jpeg                               jpg jpeg jpe jfif
image/gif                                gif
image/webp                               webp
image/avif                               avif
image/heic                               heic
image/heif                               heif
image/jxl                                jxl
image/jp2                                jp2
image/svg+xml                            svg
image/bmp                                bmp
image/tiff                               tif tiff
image/vnd.microsoft.icon                 ico cur
image/vnd.adobe.photoshop                psd
image/vnd.djvu                           djvu djv
audio/mpeg                               mp3 mp2
audio/mp4                                m4a
audio/aac                                aac
audio/ogg                                oga ogg opus spx
audio/flac                               flac
audio/wav                                wav
audio/webm                               weba
audio/midi                               mid midi kar
audio/aiff                               aif aiff
audio/x-mpegurl                          m3u
video/mp4                                mp4 m4v
video/webm                               webm
video/ogg                                ogv
video/quicktime                          mov qt
video/mpeg                               mpg mpeg mpe
video/mp2t                               ts m2ts
video/x-msvideo                          avi
video/x-ms-wmv                           wmv
video/x-matroska                         mkv
video/x-flv                              flv
video/3gpp                               3gp 3gpp
model/gltf+json                          gltf
model/gltf-binary                        glb
model/obj                                obj
model/stl                                stl
model/vnd.usdz+zip                       usdz
`
