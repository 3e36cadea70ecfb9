//! The folder or bucket that keeps the files of photos.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::future::try_join_all;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{
    Attribute, Attributes, ClientOptions, ObjectStore, ObjectStoreExt as _, PutOptions, PutPayload,
    RetryConfig,
};

use crate::key::FOLDER;
use crate::{CONTENT_TYPE, Config, Error, Name, Photo, WIDTHS};

/// How long a request of the store may take, repetitions included: less than whoever uploads waits.
const PATIENCE: Duration = Duration::from_secs(8);

/// Where files of photos are kept. A clone is the same store.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<dyn ObjectStore>,
    place: String,
    /// Whether the store can be told a media type; a folder cannot.
    has_types: bool,
}

/// A file that is in the store.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its whole name.
    pub path: String,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Bytes.
    pub size: u64,
}

fn failed(action: &'static str) -> impl Fn(object_store::Error) -> Error {
    move |source| Error::Store { action, source }
}

impl Store {
    /// Opens what the configuration names; makes a folder that is not there. Connects to nothing yet.
    ///
    /// # Errors
    /// `Address`, `Folder`, `SecretFile`, and `Store` when the address of a bucket is not understood.
    pub fn open(config: &Config) -> Result<Self, Error> {
        let url = config.url.as_str();
        let unknown = || Error::Address {
            url: url.to_owned(),
        };
        match url.split_once("://") {
            None if !url.is_empty() => Self::folder(PathBuf::from(url)),
            Some(("file", path)) if path.starts_with('/') => Self::folder(PathBuf::from(path)),
            Some(("s3", rest)) => {
                let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                if bucket.is_empty() {
                    return Err(unknown());
                }
                Self::bucket(config, bucket, prefix)
            }
            _ => Err(unknown()),
        }
    }

    fn folder(path: PathBuf) -> Result<Self, Error> {
        let made = std::fs::create_dir_all(&path).and_then(|()| path.canonicalize());
        let path = made.map_err(|source| Error::Folder { path, source })?;
        let inner = LocalFileSystem::new_with_prefix(&path)
            .map_err(failed("be opened"))?
            // A photo that a listing shows is there after a crash too.
            .with_fsync(true);
        Ok(Self {
            inner: Arc::new(inner),
            place: path.display().to_string(),
            has_types: false,
        })
    }

    fn bucket(config: &Config, bucket: &str, prefix: &str) -> Result<Self, Error> {
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
        let usual = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT"];
        let usual = || usual.into_iter().find_map(|name| std::env::var(name).ok());
        let endpoint = config.endpoint.clone().or_else(usual);
        // Whoever names a server without TLS means it; nobody is taken there by a redirection.
        let is_plain = endpoint
            .as_ref()
            .is_some_and(|url| url.starts_with("http://"));
        if let Some(endpoint) = endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(region) = &config.region {
            builder = builder.with_region(region);
        }
        if let Some(id) = &config.key_id {
            builder = builder.with_access_key_id(id);
        }
        if let Some(path) = &config.secret_file {
            let secret = std::fs::read_to_string(path).map_err(|source| Error::SecretFile {
                path: path.clone(),
                source,
            })?;
            builder = builder.with_secret_access_key(secret.trim());
        }
        let retry = RetryConfig {
            max_retries: 3,
            retry_timeout: PATIENCE,
            ..RetryConfig::default()
        };
        let options = ClientOptions::new()
            .with_timeout(PATIENCE)
            .with_connect_timeout(Duration::from_secs(3))
            .with_allow_http(is_plain);
        let inner = builder
            .with_retry(retry)
            .with_client_options(options)
            .build()
            .map_err(failed("be opened"))?;
        let inner: Arc<dyn ObjectStore> = match prefix.trim_matches('/') {
            "" => Arc::new(inner),
            prefix => Arc::new(PrefixStore::new(inner, prefix)),
        };
        Ok(Self {
            inner,
            place: format!("s3://{bucket}/{prefix}"),
            has_types: true,
        })
    }

    /// Where it is, for people.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Writes the files of a photo, also when they are there: then they are young again, and no sweep takes them. Says
    /// whether the photo was there before.
    ///
    /// # Errors
    /// `Store`.
    pub async fn put(&self, photo: &Photo) -> Result<bool, Error> {
        let was_there = self.has_whole(photo).await?;
        try_join_all(
            photo
                .files
                .iter()
                .map(|file| self.put_file(photo.key.file(file.width), file.content.clone())),
        )
        .await?;
        Ok(was_there)
    }

    pub(crate) async fn put_file(&self, path: String, content: Bytes) -> Result<(), Error> {
        let mut options = PutOptions::default();
        if self.has_types {
            options.attributes = Attributes::from_iter([(Attribute::ContentType, CONTENT_TYPE)]);
        }
        self.inner
            .put_opts(&Path::from(path), PutPayload::from(content), options)
            .await
            .map_err(failed("keep a file"))?;
        Ok(())
    }

    /// Whether every file of a photo is there.
    ///
    /// # Errors
    /// `Store`.
    pub async fn has_whole(&self, photo: &Photo) -> Result<bool, Error> {
        let heads = WIDTHS.map(|width| {
            let path = Path::from(photo.key.file(width));
            async move {
                match self.inner.head(&path).await {
                    Ok(_) => Ok(true),
                    Err(object_store::Error::NotFound { .. }) => Ok(false),
                    Err(source) => Err(failed("be asked for a file")(source)),
                }
            }
        });
        Ok(try_join_all(heads).await?.into_iter().all(|one| one))
    }

    /// The content of a file, if it is there.
    ///
    /// # Errors
    /// `Store`.
    pub async fn get(&self, name: &Name) -> Result<Option<Bytes>, Error> {
        self.get_path(&name.path()).await
    }

    pub(crate) async fn get_path(&self, path: &str) -> Result<Option<Bytes>, Error> {
        let found = async { self.inner.get(&Path::from(path)).await?.bytes().await };
        match found.await {
            Ok(content) => Ok(Some(content)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(failed("give a file")(source)),
        }
    }

    /// Every file under the folder of photos, as the store gives them: part by part, in no order.
    pub(crate) fn list(&self) -> BoxStream<'_, Result<Kept, Error>> {
        self.inner
            .list(Some(&Path::from(FOLDER)))
            .map_ok(|meta| Kept {
                path: meta.location.to_string(),
                at: meta.last_modified,
                size: meta.size,
            })
            .map_err(failed("list its files"))
            .boxed()
    }

    /// Takes a file away; one that is gone already is as good.
    pub(crate) async fn remove(&self, path: &str) -> Result<(), Error> {
        match self.inner.delete(&Path::from(path)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(failed("delete a file")(source)),
        }
    }
}
