//! Debian's Nagios, which tells Muster by the configuration that we ship.

use super::installation::{for_everybody, waiting};
use super::process::{Folder, Program, set_mode, wait};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::{FileTypeExt, MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// What we ship, for everybody's Nagios.
const SHIPPED: &str = include_str!("../../../../../packaging/nagios/muster.cfg");

/// A host with one service, whose results come by the command pipe only.
const OBJECTS: &str = "
define command {
  command_name checked-elsewhere
  command_line /bin/true
}
define host {
  host_name db1
  alias Database one
  address 127.0.0.1
  check_command checked-elsewhere
  max_check_attempts 1
  active_checks_enabled 0
  notification_period muster-always
  notification_interval 60
  contacts muster
}
define service {
  host_name db1
  service_description Disk space /var
  check_command checked-elsewhere
  check_period muster-always
  max_check_attempts 1
  active_checks_enabled 0
  notification_period muster-always
  notification_interval 60
  contacts muster
}
";

/// What a plugin's exit status means.
#[derive(Clone, Copy)]
pub enum State {
    Ok = 0,
    Critical = 2,
}

/// A running Nagios.
pub struct Nagios {
    _program: Program,
    pipe: PathBuf,
    spool: PathBuf,
}

impl Nagios {
    /// Starts one whose contact is that Muster.
    pub fn start(folder: &Folder, url: &str, key: &str) -> Self {
        let home = folder.at("nagios");
        for part in ["etc", "var/rw", "var/spool/checkresults", "spool"] {
            std::fs::create_dir_all(home.join(part)).unwrap();
        }
        let (key_file, spool) = (home.join("etc/notify.key"), home.join("spool"));
        std::fs::write(&key_file, format!("{key}\n")).unwrap();
        set_mode(&key_file, 0o400);
        set_mode(&spool, 0o700);
        let ours = adapted(&for_everybody(folder), url, &key_file, &spool);
        std::fs::write(home.join("etc/objects.cfg"), OBJECTS.to_owned() + &ours).unwrap();
        let main = home.join("etc/nagios.cfg");
        std::fs::write(&main, main_file(&home)).unwrap();

        let checked = Program::run(folder, "nagios-check", "nagios4-core", nagios(&home).arg("-v").arg(&main));
        assert!(checked.status.success(), "{checked:?}");
        let mut program = Program::start(folder, "nagios", "nagios4-core", nagios(&home).arg(&main));
        let pipe = home.join("var/rw/nagios.cmd");
        wait("the command pipe of Nagios", || {
            program.still_runs();
            std::fs::metadata(&pipe).ok().filter(|m| m.file_type().is_fifo())
        });
        Self { _program: program, pipe, spool }
    }

    /// A check of the service came to that.
    pub fn checked(&self, state: State, output: &str) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let line = format!("[{now}] PROCESS_SERVICE_CHECK_RESULT;db1;Disk space /var;{};{output}\n", state as u8);
        // A pipe that is opened to be read as well does not wait for its reader.
        let mut pipe = OpenOptions::new().read(true).write(true).open(&self.pipe).unwrap();
        pipe.write_all(line.as_bytes()).unwrap();
    }

    /// Everything that it had to tell was delivered.
    pub fn expect_nothing_kept(&self) {
        wait("an empty spool", || waiting(&self.spool).is_empty().then_some(()));
    }
}

/// The shipped configuration with what its own instructions tell an administrator to change: the addresses.
fn adapted(binary: &Path, url: &str, key_file: &Path, spool: &Path) -> String {
    let shipped = "/usr/bin/muster notify --url http://127.0.0.1:8080/in/generic --key-file /etc/muster/notify.key\n";
    assert_eq!(SHIPPED.matches(shipped).count(), 1, "packaging/nagios/muster.cfg has changed: look at this test");
    let (binary, key_file, spool) = (binary.display(), key_file.display(), spool.display());
    SHIPPED.replace(shipped, &format!("{binary} notify --url {url}/in/generic --key-file {key_file} --spool {spool}\n"))
}

fn main_file(home: &Path) -> String {
    let home = home.display();
    format!(
        "log_file={home}/var/nagios.log
cfg_file={home}/etc/objects.cfg
object_cache_file={home}/var/objects.cache
precached_object_file={home}/var/objects.precache
status_file={home}/var/status.dat
state_retention_file={home}/var/retention.dat
temp_file={home}/var/nagios.tmp
temp_path={home}/var
check_result_path={home}/var/spool/checkresults
lock_file={home}/var/nagios.lock
command_file={home}/var/rw/nagios.cmd
query_socket={home}/var/rw/nagios.qh
nagios_user=nagios
nagios_group=nagios
use_syslog=0
check_external_commands=1
execute_service_checks=0
execute_host_checks=0
enable_notifications=1
enable_environment_macros=1
check_for_updates=0
"
    )
}

/// The program, as its own user if we are root, with all of `home` given to that user.
fn nagios(home: &Path) -> Command {
    let mut command = Command::new("/usr/sbin/nagios4");
    command.env_clear();
    if std::fs::metadata("/proc/self").unwrap().uid() == 0
        && let Some((user, group)) = user_nagios()
    {
        give(home, user, group);
        command.uid(user).gid(group);
    }
    command
}

/// None if Nagios is not installed, which is noticed when it is started.
fn user_nagios() -> Option<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let mut fields = users.lines().find(|line| line.starts_with("nagios:"))?.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

fn give(place: &Path, user: u32, group: u32) {
    chown(place, Some(user), Some(group)).unwrap();
    if place.is_dir() {
        std::fs::read_dir(place).unwrap().for_each(|entry| give(&entry.unwrap().path(), user, group));
    }
}
