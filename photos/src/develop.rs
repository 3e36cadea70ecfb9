//! From bytes that somebody sent to the files that are shown.

use bytes::Bytes;
use image::RgbImage;
use webp::{Encoder, WebPConfig};

use crate::picture::{MAX_BYTES, shrink};
use crate::{Error, Key, Kind, Refusal, WIDTHS, hash};

/// How good the files look, of 100: above it they grow faster than they get better.
const QUALITY: f32 = 78.0;

/// How hard libwebp looks for a shorter file, of 6: one more costs twice the time for a hundredth of the bytes.
const EFFORT: i32 = 3;

/// One file of a photo.
#[derive(Debug, Clone)]
pub struct File {
    /// Which of [`WIDTHS`] it is for.
    pub width: u32,
    /// WebP, without any metadata.
    pub content: Bytes,
}

/// A photo that can be kept and shown.
#[derive(Debug, Clone)]
pub struct Photo {
    /// What the names of its files begin with.
    pub key: Key,
    /// Pixels of the widest file.
    pub width: u32,
    /// Pixels of the widest file.
    pub height: u32,
    /// What it looks like; none when it is too plain to be compared.
    pub hash: Option<i64>,
    /// One for each of [`WIDTHS`], widest first.
    pub files: Vec<File>,
}

impl Photo {
    /// Bytes of the widest file.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.files.first().map_or(0, |file| file.content.len())
    }
}

/// Makes a photo of what somebody sent. Takes time and memory: up to a second and 400 MB for 40 megapixels. See
/// [`crate::Lab`] for doing it beside other work.
///
/// # Errors
/// The outer one when writing fails, which is ours; the inner one when the picture is refused.
pub fn develop(bytes: &[u8]) -> Result<Result<Photo, Refusal>, Error> {
    let pictures = match read(bytes) {
        Ok(pictures) => pictures,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut files = Vec::with_capacity(WIDTHS.len());
    for (picture, width) in pictures.iter().zip(WIDTHS.into_iter().rev()) {
        let content = write(picture)?;
        files.push(File { width, content });
    }
    let size = pictures.first().map_or((0, 0), RgbImage::dimensions);
    Ok(Ok(Photo {
        key: Key::of(files.iter().map(|file| file.content.as_ref())),
        width: size.0,
        height: size.1,
        hash: pictures.last().and_then(hash),
        files,
    }))
}

fn read(bytes: &[u8]) -> Result<Vec<RgbImage>, Refusal> {
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooManyBytes);
    }
    shrink(Kind::of(bytes)?, bytes)
}

fn write(picture: &RgbImage) -> Result<Bytes, Error> {
    let (width, height) = picture.dimensions();
    let failed = |why: String| Error::Encode { width, height, why };
    let mut config = WebPConfig::new().map_err(|()| failed("no configuration".to_owned()))?;
    config.quality = QUALITY;
    config.method = EFFORT;
    let memory = Encoder::from_rgb(picture, width, height)
        .encode_advanced(&config)
        .map_err(|error| failed(format!("{error:?}")))?;
    Ok(Bytes::copy_from_slice(&memory))
}
