// SPDX-License-Identifier: MIT
//! Finds libclonexec: in $CLONEXEC_LIB_DIR, or as pkg-config says. With the
//! feature "bundled" it is built, from bundled/clonexec.c if the package has one,
//! else from what scripts/amalgamate makes of the tree that this is part of.
use std::env;
use std::path::{Path, PathBuf};
use std::process::{exit, Command};

fn main() {
    if env::var_os("CARGO_FEATURE_BUNDLED").is_some() {
        return bundled();
    }
    println!("cargo:rerun-if-env-changed=CLONEXEC_LIB_DIR");
    println!("cargo:rerun-if-env-changed=PKG_CONFIG_PATH");
    if let Ok(dir) = env::var("CLONEXEC_LIB_DIR") {
        println!("cargo:rustc-link-search=native={dir}");
        println!("cargo:rustc-link-lib=clonexec");
        return;
    }
    let pkg_config = env::var("PKG_CONFIG").unwrap_or_else(|_| "pkg-config".into());
    let found = Command::new(&pkg_config)
        .args(["--libs", "clonexec >= 0.1"])
        .output();
    match found {
        Ok(out) if out.status.success() => link(&String::from_utf8_lossy(&out.stdout)),
        Ok(out) => fail(&String::from_utf8_lossy(&out.stderr)),
        Err(why) => fail(&format!("{pkg_config}: {why}")),
    }
}

/// -L and -l; std has the rest (-pthread).
fn link(flags: &str) {
    for flag in flags.split_whitespace() {
        if let Some(dir) = flag.strip_prefix("-L") {
            println!("cargo:rustc-link-search=native={dir}");
        } else if let Some(name) = flag.strip_prefix("-l") {
            println!("cargo:rustc-link-lib={name}");
        }
    }
}

/// By the C compiler that the user names, or that of the target.
fn bundled() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    let own = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let mut source = own.join("bundled");
    println!("cargo:rerun-if-env-changed=CC");
    println!("cargo:rerun-if-changed={}", source.display());
    if !source.join("clonexec.c").exists() {
        let tree = own.join("../..");
        println!("cargo:rerun-if-changed={}", tree.join("src").display());
        source = out.join("amalgamation");
        run(Command::new(tree.join("scripts/amalgamate")).arg(&source));
    }
    let object = out.join("clonexec.o");
    run(compiler()
        .args(["-std=c11", "-O2", "-fPIC", "-pthread", "-c", "-o"])
        .arg(&object)
        .arg(source.join("clonexec.c")));
    archive(&out, &object);
    println!("cargo:rustc-link-search=native={}", out.display());
    println!("cargo:rustc-link-lib=static=clonexec");
}

/// With words of its own, as in CC="ccache gcc".
fn compiler() -> Command {
    let of_target = format!("CC_{}", env::var("TARGET").unwrap().replace('-', "_"));
    println!("cargo:rerun-if-env-changed={of_target}");
    let named = env::var(of_target)
        .or_else(|_| env::var("CC"))
        .unwrap_or_default();
    let mut words = named.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or("cc"));
    command.args(words);
    command
}

fn archive(out: &Path, object: &Path) {
    let ar = env::var("AR").unwrap_or_else(|_| "ar".into());
    run(Command::new(ar)
        .arg("crs")
        .arg(out.join("libclonexec.a"))
        .arg(object));
}

fn run(command: &mut Command) {
    match command.status() {
        Ok(status) if status.success() => (),
        Ok(status) => die(&format!("{command:?}: {status}")),
        Err(why) => die(&format!("{command:?}: {why}")),
    }
}

fn die(why: &str) -> ! {
    eprintln!("clonexec: {why}");
    exit(1);
}

fn fail(why: &str) -> ! {
    eprintln!("{}", why.trim_end());
    eprintln!("clonexec: libclonexec is not found: install it, set CLONEXEC_LIB_DIR, or take the feature \"bundled\"");
    exit(1);
}
