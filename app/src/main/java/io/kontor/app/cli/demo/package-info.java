/** A year of a made-up bank, so that a first look has something to see. */
@NullMarked
package io.kontor.app.cli.demo;

import org.jspecify.annotations.NullMarked;
