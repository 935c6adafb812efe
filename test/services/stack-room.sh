#!/bin/sh
# Called by stack-room.ts inside of fresh mount and network namespaces: builds the root that a container of the service would
# have, gives up every right that the compose file does not grant, and becomes the command.
set -eu
root=$ROOM_ROOT

mount --make-rprivate /
mount -t tmpfs -o mode=0755 none "$root"
for top in /*; do
  name=${top#/}
  if [ -L "$top" ]; then
    cp -P "$top" "$root/$name"
  elif [ -d "$top" ]; then
    mkdir "$root/$name"
    case $name in
      etc) cp -a /etc/. "$root/etc/" ;;
      # Of the container's own; sys is not needed.
      run | var | tmp | mnt | media | srv | home | root | sys | lost+found) ;;
      proc | dev) mount --rbind "$top" "$root/$name" ;;
      *)
        mount --bind "$top" "$root/$name"
        mount -o remount,bind,ro "$root/$name"
        ;;
    esac
  fi
done
{
  echo '127.0.0.1 localhost'
  for name in $ROOM_NAMES; do echo "127.0.0.1 $name"; done
} >"$root/etc/hosts"

mkdir -p "$root/app" "$root/room/bin"
mount --bind "$ROOM_REPOSITORY" "$root/app"
mount -o remount,bind,ro "$root/app"
ln -s /app/main.ts "$root/room/bin/plietsch"
echo "$ROOM_PROGRAMS" | while read -r name path; do
  [ -n "$name" ] || continue
  touch "$root/room/bin/$name"
  mount --bind "$path" "$root/room/bin/$name"
done

echo "$ROOM_TMPFS" | while IFS=: read -r target options; do
  [ -n "$target" ] || continue
  mkdir -p "$root$target"
  mount -t tmpfs -o "mode=1777${options:+,$options}" none "$root$target"
done
echo "$ROOM_MOUNTS" | while read -r mode source target; do
  [ -n "$source" ] || continue
  if [ -d "$source" ]; then
    mkdir -p "$root$target"
  else
    mkdir -p "$(dirname "$root$target")"
    touch "$root$target"
  fi
  mount --bind "$source" "$root$target"
  [ "$mode" != ro ] || mount -o remount,bind,ro "$root$target"
done
mount -o remount,ro "$root"

uid=${ROOM_USER%:*} gid=${ROOM_USER#*:} caps=$ROOM_CAPS
unset ROOM_ROOT ROOM_REPOSITORY ROOM_NAMES ROOM_USER ROOM_CAPS ROOM_MOUNTS ROOM_TMPFS ROOM_PROGRAMS
exec chroot "$root" /usr/bin/setpriv --reuid "$uid" --regid "$gid" --clear-groups --bounding-set="$caps" --inh-caps=-all \
  --no-new-privs --pdeathsig KILL "$@"
