/**
 * The data subject aggregate: records that a person was forgotten. Deleting the key is not done
 * here.
 */
@NullMarked
package io.kontor.command.datasubject;

import org.jspecify.annotations.NullMarked;
