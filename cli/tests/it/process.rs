//! Running the binary.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The binary with nothing of this machine's environment that would change what it does.
pub fn kardan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kardan"));
    for name in [
        "DATABASE_URL",
        "DATABASE_URL_FILE",
        "DATA_SOURCE_NAME",
        "DATA_SOURCE_URI",
        "KARDAN_BACKUPS",
        "KARDAN_BOT_TOKEN",
        "KARDAN_BOT_TOKEN_FILE",
        "TELEGRAM_API_URL",
        "KARDAN_BACKUP_KEY_FILE",
        "KARDAN_DATA_DIR",
        "KARDAN_LISTEN",
        "KARDAN_PHOTOS",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Exit code, standard output, standard error.
pub fn run(command: &mut Command) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    (
        status.code().unwrap_or(-1),
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap(),
    )
}

/// `kardan up` while it runs.
pub struct Up {
    child: Child,
    lines: Receiver<String>,
    /// What it has printed so far.
    pub said: String,
}

impl Up {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, lines) = channel();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        for reader in [
            Box::new(out) as Box<dyn std::io::Read + Send>,
            Box::new(err),
        ] {
            let send = send.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(reader).lines().map_while(Result::ok) {
                    if send.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        Self {
            child,
            lines,
            said: String::new(),
        }
    }

    pub fn embedded(folder: &Path) -> Self {
        Self::start(
            kardan()
                .args(["up", "--listen", "127.0.0.1:0", "--data-dir"])
                .arg(folder),
        )
    }

    /// Reads on until a line holds this text.
    pub fn wait_for(&mut self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(300);
        while !self.said.contains(text) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.said.push_str(&format!("{line}\n")),
                Err(_) => panic!("never said {text:?}, but:\n{}", self.said),
            }
        }
    }

    /// The word after this one in what was printed.
    pub fn word_after(&self, word: &str) -> String {
        let mut words = self.said.split_whitespace();
        words.find(|one| *one == word);
        words
            .next()
            .unwrap_or_else(|| panic!("no {word:?} in:\n{}", self.said))
            .to_owned()
    }

    /// Asks it to stop as Ctrl-C does and gives the exit code.
    pub fn stop(mut self) -> i32 {
        let done = Command::new("sh")
            .args(["-c", &format!("kill -INT {}", self.child.id())])
            .status()
            .unwrap();
        assert!(done.success());
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        // A test that failed before it stopped the program must not leave it running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
