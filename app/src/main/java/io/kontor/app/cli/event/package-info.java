/** The command line's tools for events: show, tail, export, import. */
@NullMarked
package io.kontor.app.cli.event;

import org.jspecify.annotations.NullMarked;
