import type { Json } from '../../domain/labels/index.js';
import type { ParameterDescription } from '../backend.js';

const parameter = (name: string, description: string, preset: Json = null): ParameterDescription => ({
  name,
  description,
  default: preset,
  secret: false,
});
const secret = (name: string, description: string): ParameterDescription => ({
  name,
  description,
  default: null,
  secret: true,
});

/** Named as in FiftyOne's annotation config. */
export const cvatParameters: readonly ParameterDescription[] = [
  parameter('url', 'Address of the server. The annotation config presets https://app.cvat.ai for the backend "cvat".'),
  secret('username', 'Name to log in with.'),
  secret('password', 'Password to log in with.'),
  secret('email', 'Email address to log in with, on servers that ask for it in place of a name.'),
  secret('headers', 'HTTP headers to send with each request, e.g. for a proxy that asks for its own login.'),
  parameter('task_size', 'How many images make a task. Null: all of them. A video is always a task of its own.'),
  parameter('segment_size', 'How many images make a job inside a task. Null: all images of the task.'),
  parameter('image_quality', 'Quality of the compressed images that annotators see, 0 to 100.', 75),
  parameter('use_cache', 'Whether the server cuts media into chunks when they are looked at.', true),
  parameter('use_zip_chunks', 'Whether chunks of videos are sent as single images.', true),
  parameter('chunk_size', 'How many frames are in a chunk. Null: the server chooses.'),
  parameter('task_assignee', 'User that tasks are given to, or a list of users in turn.'),
  parameter('job_assignees', 'Users that the jobs of a task are given to in turn.'),
  parameter('job_reviewers', 'Users that review the jobs of a task in turn; understood by servers of version 1 only.'),
  parameter('project_name', 'Project to put the tasks into; made if there is none of that name.'),
  parameter('project_id', 'Existing project to put the tasks into; its labels are used.'),
  parameter('task_name', 'Name of the tasks; a number is appended where there are several.'),
  parameter('occluded_attr', 'Attribute that takes what CVAT marks as occluded.'),
  parameter('group_id_attr', 'Attribute that takes the number of the group in CVAT.'),
  parameter('issue_tracker', 'Address of the issue that belongs to the tasks, or a list of addresses in turn.'),
  parameter('organization', 'Short name of the organization that owns what is made.'),
  parameter('frame_start', 'First frame of videos to send: a number, a list, or a map by path.'),
  parameter('frame_stop', 'Last frame of videos to send: a number, a list, or a map by path.'),
  parameter('frame_step', 'Send each n-th frame only: a number, a list, or a map by path. Not with tracks that exist.'),
  parameter('coerce_text_attrs', 'Whether texts that look like numbers or booleans come back as such.', true),
];
