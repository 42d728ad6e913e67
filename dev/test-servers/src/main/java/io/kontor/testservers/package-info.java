/**
 * The servers for tests: containers if they are enabled and an engine is available, else embedded
 * servers or those that the environment names. For tests only.
 */
@NullMarked
package io.kontor.testservers;

import org.jspecify.annotations.NullMarked;
