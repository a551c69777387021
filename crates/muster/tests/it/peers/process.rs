//! Programs of other people, started for one story and ended with it; waiting; ports; folders.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long anything may take on a busy machine before the story has failed.
const WITHIN: Duration = Duration::from_secs(30);
/// How long a program that is told to stop may take before it is killed.
const STOPS_WITHIN: Duration = Duration::from_secs(10);
/// How often it is looked at in the end; what is quick is seen sooner.
const EVERY: Duration = Duration::from_millis(50);

/// Looks until there is something to see, and gives it.
#[track_caller]
pub fn wait<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    look_until(WITHIN, look).unwrap_or_else(|| panic!("not within {} seconds: {what}", WITHIN.as_secs()))
}

fn look_until<T>(within: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let (begun, mut pause) = (Instant::now(), Duration::from_millis(1));
    loop {
        let seen = look();
        if seen.is_some() || begun.elapsed() > within {
            return seen;
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(EVERY);
    }
}

/// A folder of one story, gone with it. Others may look into it, as peers run as users of their own.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(story: &str) -> Self {
        let path = std::env::temp_dir().join(format!("muster-{story}-{}", std::process::id()));
        std::fs::create_dir(&path).unwrap();
        set_mode(&path, 0o755);
        Self(path)
    }

    /// The place of that name in it.
    pub fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A file of that name in it.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.at(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// A running program. It ends with its guard, and shows what it said if the story has failed.
///
/// It stays in the test's process group, so that nextest ends it too when it ends a test that hangs.
pub struct Program {
    name: String,
    child: Child,
    out: PathBuf,
    err: PathBuf,
}

impl Program {
    /// Starts it. `package` is what to install if it is not there.
    #[track_caller]
    pub fn start(folder: &Folder, name: &str, package: &str, command: &mut Command) -> Self {
        let (out, err) = (folder.at(&format!("{name}.out")), folder.at(&format!("{name}.err")));
        let open = |path| File::options().create(true).append(true).open(path).unwrap();
        command.stdin(Stdio::null()).stdout(open(&out)).stderr(open(&err));
        let child = command.spawn().unwrap_or_else(|e| match e.kind() {
            ErrorKind::NotFound => panic!(
                "{} is missing; ./test installs it, or: apt-get install {package}",
                command.get_program().display()
            ),
            _ => panic!("{name}: {e}"),
        });
        Self { name: name.into(), child, out, err }
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(folder: &Folder, name: &str, package: &str, command: &mut Command) -> Ended {
        for old in ["out", "err"] {
            let _ = std::fs::remove_file(folder.at(&format!("{name}.{old}")));
        }
        let mut program = Self::start(folder, name, package, command);
        let status = wait(&format!("the end of {name}"), || program.child.try_wait().unwrap());
        Ended { status, said: program.said(), complained: text(&program.err) }
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        text(&self.out)
    }

    /// Whether it still runs; a story that waits for a program that has ended waits in vain.
    #[track_caller]
    pub fn still_runs(&mut self) {
        if let Some(status) = self.child.try_wait().unwrap() {
            panic!("{} has ended, {status}: {}{}", self.name, self.said(), text(&self.err));
        }
    }

    /// Ends it as a service manager does, and waits for its end.
    #[track_caller]
    pub fn stop(mut self) {
        assert!(self.ends_when_told(), "{} does not stop", self.name);
    }

    fn ends_when_told(&mut self) -> bool {
        if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return true;
        }
        let pid = self.child.id().to_string();
        let told = Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &pid]).status();
        told.is_ok() && look_until(STOPS_WITHIN, || self.child.try_wait().ok().flatten()).is_some()
    }

    /// Ends it as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Told first, so that it ends those that it has started itself.
        if !self.ends_when_told() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if std::thread::panicking() {
            eprintln!("== {} said:\n{}{}", self.name, tail(&self.said()), tail(&text(&self.err)));
        }
    }
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub said: String,
    pub complained: String,
}

impl Ended {
    /// What it said, if all went well.
    #[track_caller]
    pub fn fine(self) -> String {
        assert!(self.status.success(), "{self:?}");
        self.said
    }

    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }
}

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned()
}

fn tail(text: &str) -> &str {
    let from = text.len().saturating_sub(4_000);
    &text[(from..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(0)..]
}

/// A port on loopback that is free, and stays so while nothing listens there: it lies below those that the kernel
/// gives to connections, tests that run side by side look from different places, and none is given twice.
pub fn free_port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let from = u16::try_from(std::process::id() % 1_700).unwrap() * 10;
    let next = || 12_000 + (from + GIVEN.fetch_add(1, Ordering::SeqCst)) % 17_000;
    let ports = std::iter::repeat_with(next).take(17_000);
    ports.into_iter().find(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok()).expect("a free port")
}

/// A server that gives everybody the same answer, until it is dropped.
pub struct Answering {
    port: u16,
    asked: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Answering {
    /// On that port, with that status line: `200 OK`.
    pub fn at(port: u16, status: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let (asked, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let answer =
            format!("HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let (count, end) = (asked.clone(), over.clone());
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(mut stream) = stream else { continue };
                let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
                // The beginning is enough: the answer is the same whatever was asked.
                let _ = stream.read(&mut [0; 65_536]);
                let _ = stream.write_all(answer.as_bytes());
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { port, asked, over, thread: Some(thread) }
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes it from waiting for the next.
        let _ = std::net::TcpStream::connect(("127.0.0.1", self.port));
        let _ = self.thread.take().map(std::thread::JoinHandle::join);
    }
}
