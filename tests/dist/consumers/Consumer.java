// SPDX-License-Identifier: MIT
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Execs what it is told: by clonexec, or, with one more argument, by libc. */
class Consumer {
    public static void main(String[] args) throws Throwable {
        boolean plain = args.length > 1;
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup library = plain ? linker.defaultLookup()
                : SymbolLookup.libraryLookup("libclonexec.so.0", arena);
            MethodHandle execv = linker.downcallHandle(
                library.find(plain ? "execv" : "cx_execv").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS, ValueLayout.ADDRESS));
            MemorySegment path = arena.allocateFrom(args[0]);
            // It ends with NULL, for an arena's memory is zeroed.
            MemorySegment argv = arena.allocate(ValueLayout.ADDRESS, 2);
            argv.setAtIndex(ValueLayout.ADDRESS, 0, path);
            int status = (int) execv.invokeExact(path, argv);
            throw new Error("execv: " + status);
        }
    }
}
