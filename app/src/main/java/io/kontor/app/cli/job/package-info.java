/** The tools for jobs. */
@NullMarked
package io.kontor.app.cli.job;

import org.jspecify.annotations.NullMarked;
