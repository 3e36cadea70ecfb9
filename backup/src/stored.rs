//! Files of a backup: compressed by zstd, encrypted by `age` when there is a key, and read again after they were written.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use sha2::{Digest as _, Sha256};
use zstd::stream::{read::Decoder, write::Encoder};

use crate::entry::StoredFile;
use crate::{Error, Key};

/// zstd's: 3 is its own choice, fast enough for a disk to be the limit.
const LEVEL: i32 = 3;

/// The suffix of what is stored like this.
pub const fn suffix(key: Option<&Key>) -> &'static str {
    match key {
        Some(_) => ".zst.age",
        None => ".zst",
    }
}

/// A file that is being written.
pub struct Writer {
    /// Towards the file, or towards `age`, which writes it.
    encoder: Encoder<'static, Box<dyn Write + Send>>,
    path: PathBuf,
    name: String,
    raw_bytes: u64,
    age: Option<Child>,
}

impl Writer {
    /// A new file in the folder of a backup; its name gets the suffix.
    pub fn create(folder: &Path, name: &str, key: Option<&Key>) -> Result<Self, Error> {
        let name = format!("{name}{}", suffix(key));
        let path = folder.join(&name);
        let file = File::create_new(&path).map_err(Error::file("create", &path))?;
        let (sink, age): (Box<dyn Write + Send>, _) = match key {
            None => (Box::new(file), None),
            Some(key) => {
                let mut age = key
                    .encrypt()
                    .stdin(Stdio::piped())
                    .stdout(file)
                    .stderr(Stdio::inherit())
                    .spawn()
                    .map_err(Error::file("run", Path::new("age")))?;
                let pipe = age
                    .stdin
                    .take()
                    .ok_or_else(|| Error::Key("age takes nothing".to_owned()))?;
                (Box::new(pipe), Some(age))
            }
        };
        let encoder = Encoder::new(sink, LEVEL).map_err(Error::file("compress", &path))?;
        Ok(Self {
            encoder,
            path,
            name,
            raw_bytes: 0,
            age,
        })
    }

    /// Brings it onto the disk, and reads it again for its hash.
    pub fn finish(self) -> Result<StoredFile, Error> {
        let sink = self
            .encoder
            .finish()
            .map_err(Error::file("write", &self.path))?;
        drop(sink);
        if let Some(mut age) = self.age {
            let status = age.wait().map_err(Error::file("run", Path::new("age")))?;
            if !status.success() {
                return Err(Error::Program {
                    program: "age".to_owned(),
                    status: status.to_string(),
                    said: format!("{} is not whole", self.path.display()),
                });
            }
        }
        let file = File::open(&self.path).map_err(Error::file("read", &self.path))?;
        file.sync_all().map_err(Error::file("sync", &self.path))?;
        let (bytes, sha256) = hash(&self.path, |_| {})?;
        Ok(StoredFile {
            name: self.name,
            bytes,
            raw_bytes: self.raw_bytes,
            sha256,
        })
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.encoder.write(bytes)?;
        self.raw_bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.encoder.flush()
    }
}

/// A file that is being read.
pub struct Reader {
    /// From the file, or from `age`, which reads it.
    decoder: Decoder<'static, BufReader<Box<dyn Read + Send>>>,
    path: PathBuf,
    age: Option<Child>,
}

impl Reader {
    /// Opens what [`Writer`] wrote.
    pub fn open(path: &Path, key: Option<&Key>) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::file("read", path))?;
        let (origin, age): (Box<dyn Read + Send>, _) = match key {
            None => (Box::new(file), None),
            Some(key) => {
                let mut age = key
                    .decrypt()
                    .stdin(file)
                    .stdout(Stdio::piped())
                    .stderr(Stdio::null())
                    .spawn()
                    .map_err(Error::file("run", Path::new("age")))?;
                let pipe = age
                    .stdout
                    .take()
                    .ok_or_else(|| Error::Key("age gives nothing".to_owned()))?;
                (Box::new(pipe), Some(age))
            }
        };
        let decoder =
            Decoder::new(origin).map_err(|error| Error::damaged(path, error.to_string()))?;
        Ok(Self {
            decoder,
            path: path.to_owned(),
            age,
        })
    }

    /// Says whether what was read was all of it, and untouched.
    pub fn finish(mut self) -> Result<(), Error> {
        io::copy(&mut self.decoder, &mut io::sink())
            .map_err(|error| Error::damaged(&self.path, error.to_string()))?;
        drop(self.decoder);
        if let Some(mut age) = self.age {
            let status = age.wait().map_err(Error::file("run", Path::new("age")))?;
            if !status.success() {
                return Err(Error::damaged(&self.path, "age cannot decrypt all of it"));
            }
        }
        Ok(())
    }
}

impl Read for Reader {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.decoder.read(bytes)
    }
}

/// A digest as people compare it.
pub fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Size and SHA-256 of a file; each piece that was read is told.
pub fn hash(path: &Path, read: impl Fn(u64)) -> Result<(u64, String), Error> {
    let mut file = File::open(path).map_err(Error::file("read", path))?;
    let mut hasher = Sha256::new();
    let mut bytes = 0;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = file.read(&mut buffer).map_err(Error::file("read", path))?;
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else {
            break;
        };
        hasher.update(piece);
        bytes += count as u64;
        read(count as u64);
    }
    Ok((bytes, hex(&hasher.finalize())))
}
