/* SPDX-License-Identifier: MIT */
/*
 * clonexec for C++17: guards that undo themselves, threads, and the exec family
 * with strings.  All of it is in this file, on top of clonexec.h, which says
 * what is promised; link libclonexec.  Since 0.2.0.
 *
 *	#include <clonexec.hpp>
 *	std::thread t = clonexec::make_thread([] { work(); });
 *	std::error_code why = clonexec::execvp("sudo", {"sudo", "id"});
 */
#ifndef CLONEXEC_HPP
#define CLONEXEC_HPP

#include <cerrno>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <clonexec.h>

namespace clonexec {

/*
 * While it lives, a thread may be created, by any means (std::thread, std::async,
 * a pool that starts workers), and nothing else is done: what
 * cx_before_thread_create() says.
 */
class creation_guard {
public:
	creation_guard() noexcept { cx_before_thread_create(); }
	~creation_guard() { cx_after_thread_create(); }
	creation_guard(const creation_guard &) = delete;
	creation_guard &operator=(const creation_guard &) = delete;
};

/* While it lives, no exec runs: for setuid(2) and its family.  What
   cx_before_clone() says. */
class region_guard {
public:
	region_guard() noexcept { cx_before_clone(); }
	~region_guard() { cx_after_clone(); }
	region_guard(const region_guard &) = delete;
	region_guard &operator=(const region_guard &) = delete;
};

/*
 * Around an execve(2) of the caller's own: what cx_before_exec() says.  If the
 * exec succeeds the guard is gone with the program.
 */
class exec_guard {
public:
	exec_guard() noexcept { cx_before_exec(); }
	~exec_guard() { cx_after_exec(); }
	exec_guard(const exec_guard &) = delete;
	exec_guard &operator=(const exec_guard &) = delete;
};

/*
 * std::thread, created under the exec lock: it does not throw
 * resource_unavailable_try_again because of an exec.
 */
template <class Function, class... Arguments>
std::thread make_thread(Function &&function, Arguments &&...arguments)
{
	creation_guard guard;

	return std::thread(std::forward<Function>(function),
			   std::forward<Arguments>(arguments)...);
}

#ifdef __cpp_lib_jthread
/* The same for std::jthread. */
template <class Function, class... Arguments>
std::jthread make_jthread(Function &&function, Arguments &&...arguments)
{
	creation_guard guard;

	return std::jthread(std::forward<Function>(function),
			    std::forward<Arguments>(arguments)...);
}
#endif

namespace detail {

/* A vector as execve(2) takes it, of strings that live longer. */
class argument_vector {
public:
	explicit argument_vector(const std::vector<std::string> &strings)
	{
		pointers.reserve(strings.size() + 1);
		for (const std::string &s : strings)
			pointers.push_back(const_cast<char *>(s.c_str()));
		pointers.push_back(nullptr);
	}
	char *const *data() const noexcept { return pointers.data(); }

private:
	std::vector<char *> pointers;
};

inline std::error_code last_error() noexcept
{
	return std::error_code(errno, std::generic_category());
}

} // namespace detail

/*
 * The exec family.  They return only if they fail, and then say why.  Unlike the
 * functions of clonexec.h they allocate memory, and may throw std::bad_alloc: so
 * they are not for signal handlers and children of fork(2) or vfork(2).
 */
inline std::error_code execv(const std::string &path,
			     const std::vector<std::string> &arguments)
{
	cx_execv(path.c_str(), detail::argument_vector(arguments).data());
	return detail::last_error();
}

inline std::error_code execve(const std::string &path,
			      const std::vector<std::string> &arguments,
			      const std::vector<std::string> &environment)
{
	const detail::argument_vector argv(arguments), envp(environment);

	cx_execve(path.c_str(), argv.data(), envp.data());
	return detail::last_error();
}

inline std::error_code execvp(const std::string &file,
			      const std::vector<std::string> &arguments)
{
	cx_execvp(file.c_str(), detail::argument_vector(arguments).data());
	return detail::last_error();
}

inline std::error_code execvpe(const std::string &file,
			       const std::vector<std::string> &arguments,
			       const std::vector<std::string> &environment)
{
	const detail::argument_vector argv(arguments), envp(environment);

	cx_execvpe(file.c_str(), argv.data(), envp.data());
	return detail::last_error();
}

inline std::error_code fexecve(int fd,
			       const std::vector<std::string> &arguments,
			       const std::vector<std::string> &environment)
{
	const detail::argument_vector argv(arguments), envp(environment);

	cx_fexecve(fd, argv.data(), envp.data());
	return detail::last_error();
}

} // namespace clonexec

#endif // CLONEXEC_HPP
