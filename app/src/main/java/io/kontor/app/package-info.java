/**
 * The Kontor program: command line, wiring of the modules, and startup checks. It contains no
 * business rules.
 */
@NullMarked
package io.kontor.app;

import org.jspecify.annotations.NullMarked;
