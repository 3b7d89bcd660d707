// SPDX-License-Identifier: MIT
//! With FREEZER (tests/clients/freezer.c) and TARGET (src/race/target), as root:
//! the frozen race as well.
use clonexec::{CloneGuard, CommandExt as _, Strategy, ThreadCreateGuard};
use std::collections::HashMap;
use std::env;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::sync::{mpsc, Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

const NONE: [(&str, &str); 0] = [];

/// Strategy and timeout are the whole process's, and so is the exec lock.
fn whole_process() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// The other side of the tests: this very program, for what ROLE says. It has
/// two threads, main's and this one.
#[test]
#[ignore = "run by the others"]
fn actor() {
    let target = env::var("PROGRAM").unwrap_or_default();
    let show = ["x", "-c", "echo said: $0 $A $B"];
    let mut sh = Command::new("sh");
    sh.args(&show[1..]).arg0("x").env_clear().env("A", "b");
    let why = match env::var("ROLE").as_deref() {
        Ok("execv") => clonexec::execv("/bin/sh", show),
        Ok("execve") => clonexec::execve("/bin/sh", show, [("A", "b")]),
        Ok("execvp") => clonexec::execvp("sh", show),
        Ok("execvpe") => clonexec::execvpe("sh", show, [("A", "b")]),
        Ok("fexecve") => clonexec::fexecve(File::open("/bin/sh").unwrap(), show, [("A", "b")]),
        Ok("command") => sh.exec_guarded(),
        Ok("twice") => {
            sh.current_dir("/nowhere");
            assert_eq!(sh.exec_guarded().kind(), io::ErrorKind::NotFound);
            sh.current_dir("/");
            sh.exec_guarded()
        }
        Ok("target by std") => Command::new(target).exec(),
        Ok("target by command") => Command::new(target).exec_guarded(),
        Ok("target by execv") => clonexec::execv(&target, [&target]),
        Ok("signals of std") => Command::new("grep").args(&SIGNALS[1..]).exec(),
        Ok("failing") => {
            fail_beside_others();
            return;
        }
        Ok("signals") => clonexec::execvp("grep", SIGNALS),
        other => panic!("role {other:?}"),
    };
    panic!("{why}");
}

/// A program that says which signals it was started without.
const SIGNALS: [&str; 4] = ["grep", "-E", "^Sig(Ign|Blk)", "/proc/self/status"];

/// What the kernel says of this thread's.
fn signals() -> Vec<String> {
    let status = fs::read_to_string("/proc/thread-self/status").unwrap();
    let lines = status.lines();
    lines
        .filter(|l| l.starts_with("SigBlk") || l.starts_with("SigIgn"))
        .map(String::from)
        .collect()
}

#[test]
fn signals_are_as_by_std() {
    let said = |role| {
        let (out, code) = act(role, &[]);
        assert_eq!(code, Some(0), "{role}: {out}");
        out[out.find("SigBlk").unwrap()..].to_string()
    };
    assert_eq!(said("signals"), said("signals of std"));
}

#[test]
fn signals_stay_if_it_fails() {
    // In a process of its own: a failed exec_guarded() does not put it back, like
    // std's exec.
    let (out, code) = act("failing", &[]);
    assert_eq!(code, Some(0), "{out}");
}

/// Many at once, since SIGPIPE's action is the whole process's.
fn fail_beside_others() {
    let before = signals();
    // There is something to be lost: std ignores SIGPIPE.
    let ignored = before[1].split('\t').nth(1).unwrap();
    let set = u64::from_str_radix(ignored, 16).unwrap();
    assert_ne!(set & 1 << (13 - 1), 0, "{ignored}");
    let nowhere = || clonexec::execvp("/nowhere", ["x"]);
    thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| (0..500).for_each(|_| drop(nowhere())));
        }
        assert_eq!(nowhere().raw_os_error(), Some(2));
    });
    assert_eq!(signals(), before);
}

fn act(role: &str, more: &[(&str, &str)]) -> (String, Option<i32>) {
    let out = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "actor", "--nocapture"])
        .env("ROLE", role)
        .env("B", "c")
        .envs(more.iter().copied())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    (String::from_utf8(out.stdout).unwrap(), out.status.code())
}

#[test]
fn each_function() {
    for (role, said) in [
        ("execv", "said: x c\n"),
        ("execve", "said: x b\n"),
        ("execvp", "said: x c\n"),
        ("execvpe", "said: x b\n"),
        ("fexecve", "said: x b\n"),
        ("command", "said: x b\n"),
        ("twice", "said: x b\n"),
    ] {
        let (out, code) = act(role, &[]);
        assert!(out.ends_with(said) && code == Some(0), "{role}: {out}");
    }
}

#[test]
fn failures_as_the_kernel_says_them() {
    let _alone = whole_process();
    for (path, errno) in [("/nowhere", 2), ("/etc/passwd", 13), ("/etc/passwd/x", 20)] {
        for why in [
            clonexec::execv(path, ["x"]),
            clonexec::execve(path, ["x"], NONE),
            clonexec::execvp(path, ["x"]),
            clonexec::execvpe(path, ["x"], NONE),
            Command::new(path).exec_guarded(),
        ] {
            assert_eq!(why.raw_os_error(), Some(errno), "{path}");
        }
    }
    let closed = clonexec::fexecve(File::open("/etc").unwrap(), ["x"], NONE);
    assert_eq!(closed.raw_os_error(), Some(13));
}

#[test]
fn a_nul_is_invalid_input() {
    let _alone = whole_process();
    for why in [
        clonexec::execv("/bin/true\0", ["x"]),
        clonexec::execvp("true", ["x", "a\0b"]),
        clonexec::execve("/bin/true", ["x"], [("a", "b\0")]),
        Command::new("true").arg("a\0b").exec_guarded(),
    ] {
        assert_eq!(why.kind(), io::ErrorKind::InvalidInput);
    }
}

#[test]
fn settings() {
    let _alone = whole_process();
    for s in [Strategy::Lock, Strategy::Helper, Strategy::Auto] {
        clonexec::set_strategy(s).unwrap();
        assert_eq!(clonexec::status().unwrap().asked, s);
    }
    assert!(!clonexec::status().unwrap().alone);
    assert!(clonexec::set_timeout(3_600_001).is_err());
    assert_eq!(clonexec::status().unwrap().strangers, 0);
}

#[test]
fn children_may_notice_a_helper() {
    let _alone = whole_process();
    clonexec::set_strategy(Strategy::Helper).unwrap();
    let exact = || {
        let now = clonexec::status().unwrap();
        assert_eq!(now.in_force, Strategy::Helper);
        now.exact
    };
    assert!(exact());
    let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
    assert!(!exact());
    drop(child.stdin.take());
    child.wait().unwrap();
    assert!(exact());
    clonexec::set_strategy(Strategy::Auto).unwrap();
}

/// In a Command that failed to exec, spawn and exec are what they were, and the
/// lock is free: a creator would wait for it.
#[test]
fn a_command_lives_on() {
    let _alone = whole_process();
    clonexec::set_timeout(60_000).unwrap();
    let mut command = Command::new("true");
    command.current_dir("/nowhere");
    assert_eq!(command.exec_guarded().raw_os_error(), Some(2));
    command.current_dir("/");
    assert!(command.status().unwrap().success());
    let mut missing = Command::new("/nowhere");
    missing.exec_guarded();
    assert_eq!(missing.exec().raw_os_error(), Some(2));
    assert_eq!(clonexec::status().unwrap().asked, Strategy::Auto);
    let (done, wait) = mpsc::channel();
    thread::spawn(move || {
        drop(CloneGuard::new());
        done.send(()).unwrap();
    });
    assert!(wait.recv_timeout(Duration::from_secs(20)).is_ok());
    clonexec::set_timeout(2_000).unwrap();
}

/// The strategy is the process's: no call of one thread's may be seen by another.
#[test]
fn the_strategy_is_left_alone() {
    let _alone = whole_process();
    let asked = || clonexec::status().unwrap().asked;
    // What the process has in the middle of the exec of a command that fails.
    let during = |exec: &dyn Fn(&mut Command)| {
        let seen = Arc::new(Mutex::new(None));
        let mut command = Command::new("/nowhere");
        let inside = Arc::clone(&seen);
        // SAFETY: it runs in this thread.
        unsafe {
            command.pre_exec(move || {
                *inside.lock().unwrap() = Some(clonexec::status()?.asked);
                Ok(())
            })
        };
        exec(&mut command);
        let asked = *seen.lock().unwrap();
        asked
    };
    // The control: how exec_guarded() had its strategy once.
    let changed = during(&|command| {
        clonexec::set_strategy(Strategy::Unshare).unwrap();
        let _ = command.exec();
        clonexec::set_strategy(Strategy::Auto).unwrap();
    });
    assert_eq!(changed, Some(Strategy::Unshare));
    for strategy in [Strategy::Auto, Strategy::Helper, Strategy::Lock] {
        clonexec::set_strategy(strategy).unwrap();
        let pair: Vec<_> = (0..2)
            .map(|_| {
                thread::spawn(|| {
                    for _ in 0..200 {
                        Command::new("/nowhere").exec_guarded();
                    }
                })
            })
            .collect();
        while !pair.iter().all(|t| t.is_finished()) {
            assert_eq!(asked(), strategy);
        }
        pair.into_iter().for_each(|t| t.join().unwrap());
        let left = during(&|command| {
            command.exec_guarded();
        });
        assert_eq!((left, asked()), (Some(strategy), strategy));
    }
    clonexec::set_strategy(Strategy::Auto).unwrap();
}

#[test]
fn spawn_runs_and_joins() {
    let four = clonexec::spawn(|| 4).unwrap();
    assert_eq!(four.join().unwrap(), 4);
    let builder = thread::Builder::new().name("named".into());
    let name = clonexec::spawn_by(builder, || thread::current().name().map(String::from));
    assert_eq!(name.unwrap().join().unwrap().as_deref(), Some("named"));
}

#[test]
fn a_guard_nests() {
    let outer = CloneGuard::new();
    drop(CloneGuard::new());
    drop(ThreadCreateGuard::new());
    assert!(clonexec::spawn(|| ()).unwrap().join().is_ok());
    drop(outer);
}

/// A thread creation stands still in the kernel while Rust execs.
#[test]
fn privileges_in_the_frozen_race() {
    let must = env::var("CLONEXEC_MUST_WORK").as_deref() == Ok("1");
    let (freezer, target) = match (env::var("FREEZER"), env::var("TARGET")) {
        (Ok(f), Ok(v)) => (f, v),
        _ if must => panic!("needs FREEZER and TARGET"),
        _ => return,
    };
    // Where nobody may go.
    let dir = format!("/tmp/cx-rust-{}", std::process::id());
    fs::create_dir(&dir).unwrap();
    let (preload, program) = (format!("{dir}/freezer.so"), format!("{dir}/target"));
    fs::copy(freezer, &preload).unwrap();
    fs::copy(target, &program).unwrap();
    fs::set_permissions(&dir, Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&program, Permissions::from_mode(0o4755)).unwrap();
    let more = [
        ("LD_PRELOAD", preload.as_str()),
        ("PROGRAM", program.as_str()),
    ];
    let seen: HashMap<_, _> = ["std", "command", "execv"]
        .map(|by| (by, act(&format!("target by {by}"), &more)))
        .into();
    fs::remove_dir_all(&dir).unwrap();
    if seen["std"].1 == Some(77) && !must {
        return; // not on this machine
    }
    for (by, ids) in [
        ("std", "65534 65534 65534 "),
        ("command", "65534 0 0 "),
        ("execv", "65534 0 0 "),
    ] {
        let last = seen[by].0.lines().last().unwrap_or("");
        assert!(last.starts_with(ids), "{by}: {:?}", seen[by]);
    }
}
