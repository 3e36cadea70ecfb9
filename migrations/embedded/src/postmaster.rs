//! The server's main process: starting it, seeing it become ready, stopping it. What its end means
//! is judged in `launch.rs`; servers left behind by others are found in `orphan.rs`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Error;
use crate::folder::Folder;
use crate::install::Installation;

/// How often a process is looked at while it starts or ends.
pub(crate) const LOOK: Duration = Duration::from_millis(10);

/// From polite to certain: fast shutdown, immediate shutdown (recovers at the next start), kill.
pub(crate) const STEPS: [(Signal, Duration); 3] = [
    (Signal::INT, Duration::from_secs(60)),
    (Signal::QUIT, Duration::from_secs(10)),
    (Signal::KILL, Duration::from_secs(10)),
];

/// Waits for the end of our process (its standard input closes, however we end) and then stops the
/// server, if the folder still names the same one.
const GUARD: &str = r#"read -r _
{ read -r pid < "$2/postmaster.pid"; } 2>/dev/null
[ "$pid" = "$1" ] && kill -INT "$1""#;

/// A running server of ours. Dropping it stops the server and waits.
#[derive(Debug)]
pub(crate) struct Postmaster {
    child: Child,
    guard: Option<Child>,
    pg: PathBuf,
}

/// How waiting for a start ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Ready,
    Ended,
    Late,
}

impl Postmaster {
    /// Starts the server with its messages in `log`, and the guard that outlives us.
    pub(crate) fn spawn(folder: &Folder, install: &Installation, log: File) -> Result<Self, Error> {
        let pg = folder.pg();
        let program = install.program("postgres");
        let out = log
            .try_clone()
            .map_err(|e| Error::file("open", &folder.log_file(), e))?;
        let failed = |program: &Path| {
            let path = program.to_path_buf();
            move |source| Error::System {
                operation: "run",
                path,
                source,
            }
        };
        let mut command = folder.account.command(&program);
        command
            .arg("-D")
            .arg(&pg)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(log);
        let child = command.spawn().map_err(failed(&program))?;
        let mut this = Self {
            child,
            guard: None,
            pg,
        };

        let mut command = folder.account.command(Path::new("sh"));
        command
            .args(["-c", GUARD, "kardan-guard"])
            .arg(this.pid().to_string())
            .arg(&this.pg);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        this.guard = Some(command.spawn().map_err(failed(Path::new("sh")))?);
        Ok(this)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the server accepts connections, ends, or `deadline` has passed.
    pub(crate) async fn wait_ready(&mut self, deadline: Instant) -> Outcome {
        loop {
            if self.has_ended() {
                return Outcome::Ended;
            }
            if self.says_ready() {
                return Outcome::Ready;
            }
            if Instant::now() >= deadline {
                return Outcome::Late;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Stops the server and returns when it is gone.
    pub(crate) async fn stop(&mut self) -> Result<(), Error> {
        for (signal, patience) in STEPS {
            self.signal(signal);
            let deadline = Instant::now() + patience;
            while Instant::now() < deadline {
                if self.has_ended() {
                    return Ok(());
                }
                tokio::time::sleep(LOOK).await;
            }
            tracing::warn!(process.pid = self.pid(), "the server is slow to stop");
        }
        Err(Error::DoesNotStop { pid: self.pid() })
    }

    fn signal(&self, signal: Signal) {
        // The only failure is that the process has ended, which the caller sees next.
        let _ = kill_process(Pid::from_child(&self.child), signal);
    }

    fn has_ended(&mut self) -> bool {
        // An error means that there is no such child any more.
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// The eighth line of `postmaster.pid` is the server's own word on its state.
    fn says_ready(&self) -> bool {
        let text = fs::read_to_string(self.pg.join("postmaster.pid")).unwrap_or_default();
        let mut lines = text.lines().map(str::trim);
        let same = lines.next() == Some(self.pid().to_string().as_str());
        // A "standby" lets nobody in until it has recovered.
        same && lines.nth(6).map(str::trim_end) == Some("ready")
    }
}

impl Drop for Postmaster {
    fn drop(&mut self) {
        for (signal, patience) in STEPS {
            if self.has_ended() {
                break;
            }
            self.signal(signal);
            let deadline = Instant::now() + patience;
            while Instant::now() < deadline && !self.has_ended() {
                std::thread::sleep(LOOK);
            }
        }
        if let Some(guard) = &mut self.guard {
            // Killed before its input closes: it has nothing left to do.
            let _ = guard.kill();
            let _ = guard.wait();
        }
    }
}
