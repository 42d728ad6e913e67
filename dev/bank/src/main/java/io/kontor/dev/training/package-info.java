/** Makes the JVM's AOT cache for the release by running it under load. */
@NullMarked
package io.kontor.dev.training;

import org.jspecify.annotations.NullMarked;
