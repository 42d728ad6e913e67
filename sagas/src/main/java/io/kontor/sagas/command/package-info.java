/** How processes send commands, and what comes of them. */
@NullMarked
package io.kontor.sagas.command;

import org.jspecify.annotations.NullMarked;
