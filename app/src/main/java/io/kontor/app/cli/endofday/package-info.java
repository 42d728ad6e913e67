/** The tools for the end of bank days. */
@NullMarked
package io.kontor.app.cli.endofday;

import org.jspecify.annotations.NullMarked;
