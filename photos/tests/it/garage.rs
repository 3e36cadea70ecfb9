//! The store on a real S3 server, `garage`, where it is installed: on the PATH or named by `KARDAN_GARAGE`. Where it is
//! not, the test says so and proves nothing.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use kardan_photos::{Config, Error, File, Key, Name, Photo, Plan, Store, WIDTHS, sweep};

use crate::pictures::{jpeg, scene, taken};

const KEY_ID: &str = "GK0123456789abcdef01234567";
const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The program, if there is one.
fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("KARDAN_GARAGE") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join("garage"))
        .find(|program| program.is_file())
}

/// A server of one node with a bucket, gone with the value.
struct Garage {
    child: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Drop for Garage {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let probe = TcpListener::bind("127.0.0.1:0").unwrap();
    probe.local_addr().unwrap().port()
}

impl Garage {
    fn start(program: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (port, peers) = (free_port(), free_port());
        let place = folder.path().display();
        let config = folder.path().join("garage.toml");
        let text = format!(
            "metadata_dir = \"{place}/meta\"\ndata_dir = \"{place}/data\"\ndb_engine = \"lmdb\"\n\
             replication_factor = 1\nrpc_bind_addr = \"127.0.0.1:{peers}\"\nrpc_secret = \"{SECRET}\"\n\
             [s3_api]\ns3_region = \"garage\"\napi_bind_addr = \"127.0.0.1:{port}\"\n"
        );
        std::fs::write(&config, text).unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let child = Command::new(program)
            .arg("-c")
            .arg(&config)
            .args(["server", "--single-node", "--default-bucket"])
            .env("GARAGE_DEFAULT_ACCESS_KEY", KEY_ID)
            .env("GARAGE_DEFAULT_SECRET_KEY", SECRET)
            .env("GARAGE_DEFAULT_BUCKET", "kardan")
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self {
            child,
            folder,
            port,
        }
    }

    fn config(&self, secret: &str) -> Config {
        let file = self.folder.path().join(format!("secret-{}", secret.len()));
        std::fs::write(&file, format!("{secret}\n")).unwrap();
        Config {
            url: "s3://kardan/some/prefix".to_owned(),
            endpoint: Some(format!("http://127.0.0.1:{}", self.port)),
            region: Some("garage".to_owned()),
            key_id: Some(KEY_ID.to_owned()),
            secret_file: Some(file),
        }
    }

    /// The store, when the server keeps things.
    async fn store(&mut self) -> Store {
        let store = Store::open(&self.config(SECRET)).unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            match store.put(&small(0)).await {
                Ok(_) => return store,
                Err(error) => {
                    let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
                    let is_running = self.child.try_wait().unwrap().is_none();
                    assert!(is_running && Instant::now() < deadline, "{error:?}\n{log}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }
}

/// A photo of which only the names matter.
fn small(number: u32) -> Photo {
    let content = Bytes::from(number.to_string());
    Photo {
        key: Key::of([content.as_ref()]),
        width: 1,
        height: 1,
        hash: None,
        files: WIDTHS
            .map(|width| File {
                width,
                content: content.clone(),
            })
            .to_vec(),
    }
}

#[tokio::test]
async fn photos_are_kept_given_listed_and_swept_in_a_bucket() -> anyhow::Result<()> {
    let Some(program) = program() else {
        // Past the harness, which keeps what passing tests say to itself.
        let line = b"skipped: garage is not installed, so the store was not tried on S3\n";
        std::io::stderr().write_all(line)?;
        return Ok(());
    };
    let mut garage = Garage::start(&program);
    let store = garage.store().await;

    let photo = taken(&jpeg(&scene(900, 600, 1)));
    assert!(!store.put(&photo).await?);
    assert!(store.put(&photo).await?);
    assert!(store.has_whole(&photo).await?);
    for file in &photo.files {
        let name = Name::of_path(&photo.key.file(file.width)).unwrap();
        assert_eq!(store.get(&name).await?, Some(file.content.clone()));
    }
    let missing = Name::of_path(&small(1_000_000).key.file(320)).unwrap();
    assert_eq!(store.get(&missing).await?, None);

    // More files than one part of a list holds.
    for numbers in (1..=360).collect::<Vec<u32>>().chunks(12) {
        let puts = numbers.iter().map(|number| {
            let (store, photo) = (store.clone(), small(*number));
            async move { store.put(&photo).await }
        });
        futures_util::future::try_join_all(puts).await?;
    }
    let orphans = |keys: Vec<String>| {
        let shown = photo.key.as_str();
        let found = keys.into_iter().filter(|key| key != shown);
        std::future::ready(Ok::<_, Error>(found.collect()))
    };
    let young = sweep(&store, Plan::default(), orphans, |_| {}).await?;
    assert_eq!((young.seen, young.orphans), (1086, 0));
    let now = Plan {
        older_than: Duration::ZERO,
        dry_run: false,
    };
    let swept = sweep(&store, now, orphans, |_| {}).await?;
    assert_eq!((swept.seen, swept.deleted, swept.kept), (1086, 1083, 0));
    let left = sweep(&store, now, orphans, |_| {}).await?;
    assert_eq!((left.seen, left.orphans), (3, 0));
    assert!(store.has_whole(&photo).await?);

    let wrong = Store::open(&garage.config(&SECRET[1..]))?;
    let error = wrong.put(&photo).await.unwrap_err();
    assert!(matches!(error, Error::Store { .. }), "{error:?}");
    Ok(())
}
