// SPDX-License-Identifier: MIT
//! Finds libclonexec: in $CLONEXEC_LIB_DIR, or as pkg-config says.
use std::env;
use std::process::{exit, Command};

fn main() {
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

fn fail(why: &str) -> ! {
    eprintln!("{}", why.trim_end());
    eprintln!("clonexec: libclonexec is not found: install it, or set CLONEXEC_LIB_DIR");
    exit(1);
}
