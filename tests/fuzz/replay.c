/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over the files named, without a fuzzer. */
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

enum { INPUT_MAX = 1 << 20 };

static unsigned char input[INPUT_MAX];

/* Every prefix too: a file that was cut short is the commonest hostile. */
static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t len, part;

	if (!f)
		return -1;
	len = fread(input, 1, sizeof(input), f);
	fclose(f);
	for (part = 0; part <= len; part += part < 4096 ? 1 : 997) {
		unsigned char *copy = malloc(part ? part : 1);

		if (!copy)
			return -1;
		memcpy(copy, input, part);
		LLVMFuzzerTestOneInput(copy, part);
		free(copy);
	}
	LLVMFuzzerTestOneInput(input, len);
	return 0;
}

int main(int argc, char **argv)
{
	int i;

	if (LLVMFuzzerInitialize && LLVMFuzzerInitialize(&argc, &argv) != 0) {
		const char *must = getenv("CLONEXEC_MUST_WORK");

		printf("1..0 # SKIP this target cannot be tried here\n");
		return must && *must == '1';
	}
	printf("1..%d\n", argc - 1);
	for (i = 1; i < argc; i++)
		printf("%s %d - %s\n", replay(argv[i]) ? "not ok" : "ok", i,
		       argv[i]);
	return 0;
}
