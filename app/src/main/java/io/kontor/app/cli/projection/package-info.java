/** The command line's tools for read models: list, rebuild, roll back, replay, dead letters. */
@NullMarked
package io.kontor.app.cli.projection;

import org.jspecify.annotations.NullMarked;
