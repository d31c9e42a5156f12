#!/usr/bin/env bash
# Makes the Debian package from what a release build left in the target folder. `cargo xtask package` builds first, then calls this.
# Environment: CARGO_TARGET_DIR (default: target/ of the checkout), ONEWINDOW_PACKAGE_DIR (default: package/ in the target folder).
set -euo pipefail
umask 022

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
out=${ONEWINDOW_PACKAGE_DIR:-$target/package}
version=$(sed -n '/^\[workspace\.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml")
arch=$(dpkg --print-architecture)
[ -n "$version" ] || { echo "no version in Cargo.toml" >&2; exit 1; }

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
chmod 755 "$stage"

# Programs. The scan worker stands beside the programs that start it, where the crate `scan` looks for it.
for name in onewindow-app onewindow onewindow-central onewindow-scan-worker onewindow-import-worker; do
    program=$target/release/$name
    [ -x "$program" ] || { echo "missing: release/$name; run cargo xtask package" >&2; exit 1; }
    install -D -m 755 "$program" "$stage/usr/bin/$name"
done

# Session, icons, examples. Nothing goes to /etc: what an installer sets there must survive an upgrade.
install -D -m 644 "$here/onewindow.desktop" "$stage/usr/share/applications/onewindow.desktop"
for size in 32 128 256 512; do
    install -D -m 644 "$root/assets/icons/$size.png" "$stage/usr/share/icons/hicolor/${size}x${size}/apps/onewindow.png"
done
install -D -m 644 "$here/onewindow.service" "$stage/usr/lib/systemd/user/onewindow.service"
install -D -m 644 "$here/onewindow-central.service" "$stage/usr/lib/systemd/system/onewindow-central.service"
install -D -m 644 "$here/counter.example.json" "$stage/usr/share/onewindow/counter.example.json"
install -D -m 644 "$here/models.txt" "$stage/usr/share/onewindow/models/README"
# Fetched by their pinned digests, never committed.
models=${ONEWINDOW_MODELS:?the folder of the reading models; cargo xtask package names it}
for model in PP-OCRv6_det_small.onnx PP-OCRv6_rec_small.onnx; do
    install -m 644 "$models/$model" "$stage/usr/share/onewindow/models/$model"
done
doc=$stage/usr/share/doc/onewindow
install -D -m 644 "$here/onewindow-autostart.desktop" "$doc/examples/onewindow-autostart.desktop"
for page in operations.md guide/installer.md guide/clerk.md guide/supervisor.md; do
    install -D -m 644 "$root/docs/$page" "$doc/$page"
done
install -D -m 644 "$root/LICENSE" "$doc/copyright"

size_kib=$(du -sk "$stage/usr" | cut -f1)
mkdir -p "$stage/DEBIAN"
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$size_kib/" "$here/control.in" >"$stage/DEBIAN/control"
(cd "$stage" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)

mkdir -p "$out"
package=$out/onewindow_${version}_${arch}.deb
dpkg-deb --root-owner-group --build "$stage" "$package" >/dev/null
echo "$package"
