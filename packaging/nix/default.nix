# SPDX-License-Identifier: MIT
# For nixpkgs' callPackage, or by itself: nix-build packaging/nix.  (It has been
# parsed by Nix 2.8, and not been built yet.)
{
  pkgs ? import <nixpkgs> { },
  lib ? pkgs.lib,
  stdenv ? pkgs.stdenv,
}:

stdenv.mkDerivation {
  pname = "clonexec";
  version = "0.2.0";

  # The tree that this is part of, without what was built in it.
  src = lib.cleanSourceWith {
    src = ../..;
    filter =
      path: type:
      lib.cleanSourceFilter path type
      && !(type == "directory" && lib.hasPrefix "build" (baseNameOf path));
  };

  outputs = [
    "out"
    "dev"
    "man"
  ];

  nativeBuildInputs = with pkgs; [
    meson
    ninja
    pkg-config
    scdoc
    # Compiles for BPF, which nixpkgs' wrapper would harden.
    llvmPackages.clang-unwrapped
    bpftools
  ];

  buildInputs = with pkgs; [
    libbpf
    libcap
  ];

  mesonFlags = [
    "-Dwatch=auto"
    "-Dguard=auto"
  ];

  # The tests want root, and a kernel that they may freeze.
  doCheck = false;

  meta = {
    description = "Keep the privileges of set-id programs that threads start";
    license = lib.licenses.mit;
    platforms = lib.platforms.linux;
    mainProgram = "clonexec";
  };
}
