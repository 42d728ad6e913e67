/** The command line's tools for events: show, follow, export, import. */
@NullMarked
package io.kontor.app.cli.event;

import org.jspecify.annotations.NullMarked;
