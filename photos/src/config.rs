//! Where photos are kept, as arguments and environment variables.

use std::path::PathBuf;

/// Where photos are kept.
#[derive(Debug, Clone, clap::Args)]
// No group: one of this name would meet the group of whatever struct this stands in.
#[group(skip)]
pub struct Config {
    /// Where photos are kept: a folder, file:///folder, or s3://bucket/prefix
    #[arg(
        id = "photos",
        long = "photos",
        env = "KARDAN_PHOTOS",
        default_value = ".kardan/photos",
        value_name = "URL"
    )]
    pub url: String,
    /// With s3: the server, for example `https://s3.example.org` [default: AWS_ENDPOINT_URL, else Amazon's]
    #[arg(
        id = "photos_endpoint",
        long = "photos-endpoint",
        env = "KARDAN_PHOTOS_ENDPOINT",
        value_name = "URL"
    )]
    pub endpoint: Option<String>,
    /// With s3: the region [default: AWS_REGION, else us-east-1]
    #[arg(
        id = "photos_region",
        long = "photos-region",
        env = "KARDAN_PHOTOS_REGION",
        value_name = "NAME"
    )]
    pub region: Option<String>,
    /// With s3: the id of the access key [default: AWS_ACCESS_KEY_ID]
    #[arg(
        id = "photos_key_id",
        long = "photos-key-id",
        env = "KARDAN_PHOTOS_KEY_ID",
        value_name = "ID"
    )]
    pub key_id: Option<String>,
    /// With s3: a file that holds the secret access key [default: AWS_SECRET_ACCESS_KEY itself]
    #[arg(
        id = "photos_secret_file",
        long = "photos-secret-file",
        env = "KARDAN_PHOTOS_SECRET_FILE",
        value_name = "FILE"
    )]
    pub secret_file: Option<PathBuf>,
}

impl Config {
    /// A folder of this machine.
    #[must_use]
    pub fn folder(path: &std::path::Path) -> Self {
        Self {
            url: path.display().to_string(),
            endpoint: None,
            region: None,
            key_id: None,
            secret_file: None,
        }
    }
}
