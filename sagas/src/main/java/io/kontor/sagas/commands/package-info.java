/** How processes send commands, and what comes of them. */
@NullMarked
package io.kontor.sagas.commands;

import org.jspecify.annotations.NullMarked;
