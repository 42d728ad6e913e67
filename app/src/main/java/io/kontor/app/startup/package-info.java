/** Checks before the program serves, and reports of a failed start. */
@NullMarked
package io.kontor.app.startup;

import org.jspecify.annotations.NullMarked;
