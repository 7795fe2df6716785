#!/usr/bin/env bash
# Makes a machine ready to build and run SignalCam SDK. Safe to run again; does nothing that is done already.
set -euo pipefail
cd "$(dirname "$0")/.."
. build/common.sh

usage() {
  cat <<'TEXT'
build/setup.sh [--ask-again]

  1. Asks the configured NuGet feed which of TorchSharp, Verify.Xunit and Nerdbank.GitVersioning it has,
     and writes the answer to build/offline/packages.props (ignored by git). --ask-again forgets an earlier answer.
  2. Where TorchSharp is missing, installs the system packages that its stand-in needs (Debian: g++, libtorch-dev,
     libopenblas0-pthread) when run as root; otherwise prints the one command to run.
  3. Builds what is missing under build/offline.

TorchSharpPath=FOLDER (environment) names a folder with your own TorchSharp.dll and native library; then it is used as it is.
TEXT
}

ask_again=false
case "${1:-}" in
  --help|-h) usage; exit 0 ;;
  --ask-again) ask_again=true ;;
  "") ;;
  *) usage >&2; exit 2 ;;
esac

need dotnet "the .NET SDK $(sed -n 's/.*"version": *"\([0-9.]*\)".*/\1/p' global.json) or later: https://dotnet.microsoft.com/download"
need git "git"

# 1. What the feed has. A package counts as there when a restore of it and all it depends on succeeds, in the very version that the
# project pins: NuGet takes a newer one in its place with no more than a warning, and nobody has tried that one.
answer=build/offline/packages.props
if $ask_again; then rm -f "$answer"; fi
# shellcheck disable=SC2086
feed_has() { # PACKAGE -> true | false
  local version folder log
  version=$(sed -n "s/.*Include=\"$1\" Version=\"\([^\"]*\)\".*/\1/p" Directory.Packages.props)
  folder=$(mktemp -d); log=$folder/restore.log
  cat > "$folder/ask.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>
  <ItemGroup><PackageReference Include="$1" Version="[$version]" /></ItemGroup>
</Project>
XML
  if dotnet restore "$folder/ask.csproj" > "$log" 2>&1; then echo true
  elif grep -qE 'NU110[0-9]' "$log" && ! grep -q 'NU1301' "$log"; then echo false
  else echo "the NuGet feed could not be asked for $1:" >&2; cat "$log" >&2; rm -rf "$folder"; return 1
  fi
  rm -rf "$folder"
}
if [ ! -f "$answer" ]; then
  say "asking the NuGet feed for TorchSharp, Verify.Xunit and Nerdbank.GitVersioning"
  torchsharp=$(feed_has TorchSharp); verify=$(feed_has Verify.Xunit); versioning=$(feed_has Nerdbank.GitVersioning)
  cat > "$answer.new" <<XML
<Project>
  <!-- Written by build/setup.sh: what the configured feed has. Delete it, or run build/setup.sh with its ask-again option, to ask anew. -->
  <PropertyGroup>
    <FeedHasTorchSharp>$torchsharp</FeedHasTorchSharp>
    <FeedHasVerify>$verify</FeedHasVerify>
    <FeedHasGitVersioning>$versioning</FeedHasGitVersioning>
  </PropertyGroup>
</Project>
XML
  mv "$answer.new" "$answer"
  say "TorchSharp: $torchsharp, Verify.Xunit: $verify, Nerdbank.GitVersioning: $versioning (false: the stand-in under build/offline is used)"
fi

# 2. and 3. The stand-in for TorchSharp needs Debian's libtorch and a C++ compiler.
if uses_offline_torchsharp; then
  missing=()
  command -v g++ > /dev/null || missing+=(g++)
  [ -f /usr/include/ATen/core/dispatch/Dispatcher.h ] || missing+=(libtorch-dev)
  ls /usr/lib/*/openblas-pthread/libblas.so.3 > /dev/null 2>&1 || missing+=(libopenblas0-pthread)
  if [ ${#missing[@]} -gt 0 ]; then install_packages "${missing[@]}"; fi
  build_log build/offline/TorchSharp/TorchSharp.csproj
fi
