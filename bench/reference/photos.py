"""The reference for uploads: FastAPI and Pillow, as it is usually written; the same sizes, quality and effort of WebP."""

import hashlib
import os
from io import BytesIO
from pathlib import Path

from fastapi import FastAPI, UploadFile
from PIL import Image, ImageOps

FOLDER = Path(os.environ["PHOTOS"])
Image.MAX_IMAGE_PIXELS = 40_000_000
app = FastAPI(openapi_url=None)


@app.get("/health")
def health():
    return {}


# Not async: Starlette runs it on a thread, and Pillow lets others run while it decodes and encodes.
@app.post("/photos", status_code=201)
def add(photo: UploadFile):
    picture = ImageOps.exif_transpose(Image.open(BytesIO(photo.file.read()))).convert("RGB")
    files = []
    for width in (1280, 640, 320):
        if picture.width > width:
            height = round(picture.height * width / picture.width)
            picture = picture.resize((width, height), Image.Resampling.LANCZOS)
        file = BytesIO()
        picture.save(file, "WEBP", quality=78, method=3)
        files.append((width, file.getvalue()))
    key = hashlib.sha256(b"".join(content for _, content in files)).hexdigest()
    (FOLDER / key[:2]).mkdir(exist_ok=True)
    for width, content in files:
        path = FOLDER / key[:2] / f"{key}-{width}.webp"
        part = path.with_suffix(f".{os.getpid()}")
        with part.open("wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        part.rename(path)
    return {"key": key}
