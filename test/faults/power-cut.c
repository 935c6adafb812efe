/*
 * A simulated power cut: of every file below PC_LIVE only what was fsynced exists below PC_DURABLE.
 * Preload it (LD_PRELOAD), kill the process at any moment, and look at PC_DURABLE: that is what a worst-case loss of power
 * leaves behind. An unlink is mirrored, since a directory entry that stayed would bring back what was deleted on purpose.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int below_live(const char *path, char *durable) {
  const char *live = getenv("PC_LIVE");
  const char *kept = getenv("PC_DURABLE");
  size_t length = live ? strlen(live) : 0;
  if (!length || !kept || strncmp(path, live, length) != 0 || path[length] != '/') return 0;
  snprintf(durable, PATH_MAX, "%s%s", kept, path + length);
  return 1;
}

static void keep(int fd) {
  char link[64], path[PATH_MAX], durable[PATH_MAX], partial[PATH_MAX + 8], buffer[1 << 16];
  struct stat facts;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n < 0) return;
  path[n] = 0;
  if (!below_live(path, durable) || fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) return;
  snprintf(partial, sizeof partial, "%s.tmp", durable);
  int from = open(path, O_RDONLY), to = open(partial, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  while (from >= 0 && to >= 0 && (n = read(from, buffer, sizeof buffer)) > 0) {
    if (write(to, buffer, (size_t)n) != n) break;
  }
  if (from >= 0) close(from);
  if (to >= 0) {
    close(to);
    rename(partial, durable);
  }
}

int fsync(int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  int result = real(fd);
  if (result == 0) keep(fd);
  return result;
}

int fdatasync(int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  int result = real(fd);
  if (result == 0) keep(fd);
  return result;
}

int unlink(const char *path) {
  int (*real)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
  char full[PATH_MAX], durable[PATH_MAX];
  if (realpath(path, full) && below_live(full, durable)) real(durable);
  return real(path);
}
