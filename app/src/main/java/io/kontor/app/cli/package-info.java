/**
 * The command line's tools for whoever operates the bank: they look at its database beside the
 * running bank, or while it rests. What serves requests is not here.
 */
@NullMarked
package io.kontor.app.cli;

import org.jspecify.annotations.NullMarked;
