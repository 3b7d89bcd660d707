/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over the files of a corpus, without a fuzzer. */
#include <dirent.h>
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

enum { INPUT_MAX = 1 << 20 };

static unsigned char input[INPUT_MAX];

/* In an allocation of its own size, for the sanitizers. */
static void run(size_t len)
{
	unsigned char *copy = malloc(len ? len : 1);

	fuzz_check(copy != NULL);
	memcpy(copy, input, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

/* 256 prefixes too: a file that was cut short is the commonest hostile. */
static int replay(const char *dir, const char *name)
{
	char path[4096];
	size_t len, part;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (!f)
		return -1;
	len = fread(input, 1, sizeof(input), f);
	fclose(f);
	for (part = 0; part < len; part += len / 256 + 1)
		run(part);
	run(len);
	return 0;
}

int main(int argc, char **argv)
{
	struct dirent *e;
	int files = 0, bad = 0;
	DIR *d;

	if (argc != 2 || !(d = opendir(argv[1]))) {
		fputs("usage: replay CORPUS\n", stderr);
		return 2;
	}
	if (LLVMFuzzerInitialize && LLVMFuzzerInitialize(&argc, &argv) != 0) {
		const char *must = getenv("CLONEXEC_MUST_WORK");

		printf("1..0 # SKIP this target cannot be tried here\n");
		return must && *must == '1';
	}
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		files++;
		bad += replay(argv[1], e->d_name) != 0;
	}
	closedir(d);
	printf("1..1\n%sok 1 - %d inputs, and what each begins with\n",
	       bad || !files ? "not " : "", files);
	return bad || !files;
}
