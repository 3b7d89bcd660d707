;; SPDX-License-Identifier: MIT
(dynamic-link (getenv "FREEZER"))
(let ((args (cdr (command-line))))
  (apply execl (car args) args))
